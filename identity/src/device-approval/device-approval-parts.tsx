import type { Locale } from '@7pay/refusals';
import { Field, FormToken } from '../interaction/page-shell.tsx';
import type { DeviceApproval } from './device-approval.ts';
import { deviceApprovalWords } from './device-approval-words.ts';

/** On the new device: asks another one, and shows the number while it waits. */
export function AskAnotherDevice(props: {
  locale: Locale;
  /** Where the forms go: `device` and `device-check` under it. */
  at: string;
  formToken: string;
  /** Null when nothing waits. */
  number: string | null;
}) {
  const { locale, at, formToken, number } = props;
  const words = deviceApprovalWords(locale);
  return (
    <>
      {number !== null && (
        <div class="stack" role="status">
          <p>{words.number}</p>
          <p class="figures">
            <strong>{number}</strong>
          </p>
          <p class="muted">{words.where}</p>
        </div>
      )}
      {number !== null && (
        <form method="post" action={`${at}/device-check`}>
          <FormToken token={formToken} />
          <button class="button" type="submit">
            {words.check}
          </button>
        </form>
      )}
      <form method="post" action={`${at}/device`}>
        <FormToken token={formToken} />
        <button class="button button--secondary" type="submit">
          {number === null ? words.ask : words.again}
        </button>
      </form>
    </>
  );
}

/** On the old device: each new one that waits, with what is known of it. */
export function WaitingDevices(props: {
  locale: Locale;
  formToken: string;
  waiting: readonly { readonly approval: DeviceApproval; readonly appName: string }[];
  /** Where a stronger proof is shown first; null when the login is strong enough. */
  stepUp: string | null;
}) {
  const { locale, formToken, waiting, stepUp } = props;
  const words = deviceApprovalWords(locale);
  return (
    <>
      {waiting.map(({ approval: { id, agent, country }, appName }) => (
        <section class="card stack" key={id} aria-label={words.title}>
          <h2>{words.title}</h2>
          <p>{words.facts(appName, agent, country)}</p>
          <p>{words.lead}</p>
          {stepUp === null ? (
            <form method="post" action={`/approve/device/${id}/allow`} class="stack">
              <FormToken token={formToken} />
              <Field
                name="number"
                id={`number-${id}`}
                label={words.field}
                type="text"
                autocomplete="off"
                maxLength={4}
                invalid={false}
              />
              <button class="button" type="submit">
                {words.allow}
              </button>
            </form>
          ) : (
            <a class="button" href={stepUp}>
              {words.stepUp}
            </a>
          )}
          <form method="post" action={`/approve/device/${id}/deny`}>
            <FormToken token={formToken} />
            <button class="button button--secondary" type="submit">
              {words.deny}
            </button>
          </form>
        </section>
      ))}
    </>
  );
}
