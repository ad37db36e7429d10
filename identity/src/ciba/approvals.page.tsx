import type { Locale } from '@7pay/refusals';
import { FormToken } from '../interaction/page-shell.tsx';
import { japanTime, wordsOf } from '../interaction/words.ts';
import type { Approval } from './approval.ts';
import type { DeviceApproval } from '../device-approval/device-approval.ts';
import { WaitingDevices } from '../device-approval/device-approval-parts.tsx';
import { approvalWords } from './approval-words.ts';

export interface ShownApproval {
  readonly approval: Approval;
  readonly appName: string;
  /** Where a stronger proof is shown first; null when the login is strong enough. */
  readonly stepUp: string | null;
}

/** What waits for the member, each with what it is about and two buttons. */
export function ApprovalsPage(props: {
  readonly locale: Locale;
  readonly formToken: string;
  readonly notice: string | undefined;
  readonly shown: readonly ShownApproval[];
  readonly waitingDevices: readonly {
    readonly approval: DeviceApproval;
    readonly appName: string;
  }[];
  /** Where a stronger proof is shown before a device is approved; null when the login is strong enough. */
  readonly deviceStepUp: string | null;
}) {
  const { locale, formToken, notice, shown, waitingDevices, deviceStepUp } = props;
  const words = approvalWords(locale);
  return (
    <>
      <h1>{words.title}</h1>
      {notice !== undefined && (
        <p class="notice" role="status">
          {notice}
        </p>
      )}
      {shown.length > 0 && <p>{words.lead}</p>}
      {shown.length + waitingDevices.length === 0 && <p>{words.none}</p>}
      <WaitingDevices
        locale={locale}
        formToken={formToken}
        waiting={waitingDevices}
        stepUp={deviceStepUp}
      />
      {shown.map(({ approval, appName, stepUp }) => (
        <section class="card stack" key={approval.id} aria-label={words.from(appName)}>
          <h2>{words.from(appName)}</h2>
          {approval.bindingMessage !== null && (
            <p>
              {words.message}: <strong>{approval.bindingMessage}</strong>
            </p>
          )}
          <ul>
            {approval.scopes.map((scope) => (
              <li key={scope}>{wordsOf(locale).scopes[scope] ?? scope}</li>
            ))}
          </ul>
          <p class="muted">{words.until(japanTime(approval.expiresAt, locale))}</p>
          <div class="row">
            {stepUp === null ? (
              <form method="post" action={`/approve/${approval.id}/allow`}>
                <FormToken token={formToken} />
                <button class="button" type="submit">
                  {words.allow}
                </button>
              </form>
            ) : (
              <a class="button" href={stepUp}>
                {words.stepUp}
              </a>
            )}
            <form method="post" action={`/approve/${approval.id}/deny`}>
              <FormToken token={formToken} />
              <button class="button button--secondary" type="submit">
                {words.deny}
              </button>
            </form>
          </div>
        </section>
      ))}
    </>
  );
}
