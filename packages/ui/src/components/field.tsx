import { cloneElement, type JSX, type VNode } from 'preact';
import { useId } from 'preact/hooks';

/** A label, its control, what helps, and what is wrong, tied together for readers. */
export function Field(props: {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  /** One input, textarea or select. */
  children: VNode<Record<string, unknown>>;
}): JSX.Element {
  const id = useId();
  const described = [props.hint ? `${id}-hint` : '', props.error ? `${id}-error` : ''];
  const control = cloneElement(props.children, {
    id,
    'aria-describedby': described.filter(Boolean).join(' ') || undefined,
    'aria-invalid': props.error ? 'true' : undefined,
  });
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {props.label}
      </label>
      {props.hint && (
        <p class="field__hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {control}
      {props.error && (
        <p class="field__error" id={`${id}-error`}>
          {props.error}
        </p>
      )}
    </div>
  );
}
