import { Field, FormToken } from '../interaction/page-shell.tsx';

/** The longest that is typed from an app, with its recovery codes; what came by mail or SMS is shorter. */
const TYPED_MAX = 40;
export const SENT_MAX = 20;

/** The form in which somebody types a code that they were sent, or that their app shows. */
export function CodeForm(props: {
  action: string;
  formToken: string;
  /** When another form on the page has a code. */
  id?: string;
  label: string;
  button: string;
  invalid: boolean;
  maxLength?: number;
}) {
  const { action, formToken, id = 'code', label, button, invalid, maxLength = TYPED_MAX } = props;
  return (
    <form method="post" action={action} class="stack">
      <FormToken token={formToken} />
      <Field
        name="code"
        id={id}
        label={label}
        type="text"
        autocomplete="one-time-code"
        maxLength={maxLength}
        invalid={invalid}
      />
      <button class="button" type="submit">
        {button}
      </button>
    </form>
  );
}
