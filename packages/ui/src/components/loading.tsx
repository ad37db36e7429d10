import type { JSX } from 'preact';
import { uiText } from '../ui-text.ts';

/** Waiting, in words. */
export function Loading(): JSX.Element {
  return (
    <p class="muted" role="status">
      {uiText('loading')}
    </p>
  );
}
