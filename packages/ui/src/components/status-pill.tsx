import type { JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';

/** How a state is meant. */
export type Tone = 'success' | 'caution' | 'danger' | 'quiet';

const icons: Record<Tone, IconName> = {
  success: 'done',
  caution: 'care',
  danger: 'stop',
  quiet: 'wait',
};

/** A state: always an icon, a word and a colour, so that no one of them carries it alone. */
export function StatusPill({ tone, word }: { tone: Tone; word: string }): JSX.Element {
  return (
    <span class={`pill pill--${tone}`}>
      <Icon name={icons[tone]} />
      {word}
    </span>
  );
}
