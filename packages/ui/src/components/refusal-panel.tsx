import type { ComponentChildren, JSX } from 'preact';
import { uiText } from '../ui-text.ts';

/** An expected no, in the words of the platform (they say what to do), with its code and next steps. */
export function RefusalPanel(props: {
  refusal: { readonly code: string; readonly message: string };
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="notice notice--caution stack stack--tight" role="alert">
      <p>
        <strong>{props.refusal.message}</strong>
      </p>
      <p class="small muted">
        {uiText('code')} <code>{props.refusal.code}</code>
      </p>
      {props.children}
    </div>
  );
}
