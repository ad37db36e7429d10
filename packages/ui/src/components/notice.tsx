import type { ComponentChildren, JSX } from 'preact';

/** A message that stays. `danger` is spoken at once, the others when the reader pauses. */
export function Notice(props: {
  kind?: 'danger' | 'caution' | 'success';
  title?: string | undefined;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div
      class={`notice stack stack--tight${props.kind ? ` notice--${props.kind}` : ''}`}
      role={props.kind === 'danger' ? 'alert' : 'status'}
    >
      {props.title && (
        <p>
          <strong>{props.title}</strong>
        </p>
      )}
      {props.children}
    </div>
  );
}
