import type { ButtonHTMLAttributes, ComponentChildren, JSX } from 'preact';
import { uiText } from '../ui-text.ts';

/** What a button looks like: what you mostly do, another way, something dangerous, an aside. */
export type ButtonKind = 'main' | 'secondary' | 'danger' | 'plain';

interface ButtonProps extends Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'class' | 'type' | 'disabled'
> {
  kind?: ButtonKind;
  /** `pay` is 64 px high. */
  size?: 'pay';
  wide?: boolean;
  /** Something that was asked for is under way: the button waits, and says so. */
  busy?: boolean;
  /** A dangerous button that was asked for once: it is now filled. */
  armed?: boolean;
  type?: 'button' | 'submit';
  disabled?: boolean;
  children: ComponentChildren;
}

/** A button with a target of at least 48 px. */
export function Button(props: ButtonProps): JSX.Element {
  const { kind = 'main', size, wide, busy, armed, children, type = 'button', ...rest } = props;
  const classes = ['button', kind === 'main' ? '' : `button--${kind}`];
  if (size) classes.push(`button--${size}`);
  if (wide) classes.push('button--wide');
  return (
    <button
      {...rest}
      type={type}
      class={classes.filter(Boolean).join(' ')}
      disabled={Boolean(rest.disabled) || Boolean(busy)}
      {...(busy ? { 'aria-busy': 'true' as const } : {})}
      {...(armed ? { 'data-armed': '' } : {})}
    >
      {busy ? uiText('working') : children}
    </button>
  );
}
