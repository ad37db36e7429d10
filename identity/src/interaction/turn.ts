import type { Controls } from '@7pay/controls';
import type { IdSource } from '@7pay/ids';
import type { Locale } from '@7pay/refusals';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Context } from 'koa';
import type { Interaction, Provider } from 'oidc-provider';
import type { MemberStore } from '../account/member.store.ts';
import type { Audit } from '../audit/audit.store.ts';
import type { RegisterMember } from '../account/register-member.ts';
import type { StoredClient } from '../client/client.ts';
import type { ClientStore } from '../client/client.store.ts';
import type { ExternalProviders } from '../external-id/external-providers.ts';
import type { LogInByExternalId } from '../external-id/log-in-by-external-id.ts';
import type { AssertPasskey } from '../login/assert-passkey.ts';
import type { EnrolPasskey } from '../login/enrol-passkey.ts';
import type { Gate } from '../gate/gate.ts';
import type { Origin } from '../gate/login-record.ts';
import type { LoginDoor } from '../login/login-door.ts';
import type { LogInByPassword } from '../login/log-in-by-password.ts';
import type { PasskeyStore } from '../login/passkey.store.ts';
import type { ApproveDevice } from '../device-approval/approve-device.ts';
import type { AuthenticatorApp } from '../second-factor/authenticator-app.ts';
import type { ConfirmLogin } from '../second-factor/confirm-login.ts';
import type { OpenRecovery } from '../recovery/open-recovery.ts';
import type { RegisterByCode } from '../registration/register-by-code.ts';
import type { ResetPassword } from '../reset/reset-password.ts';
import type { IdentitySettings } from '../settings.ts';

/** What the pages of an interaction work with. */
export interface InteractionDeps {
  readonly provider: Provider;
  readonly settings: IdentitySettings;
  readonly members: MemberStore;
  readonly clients: ClientStore;
  readonly passkeys: PasskeyStore;
  readonly providers: ExternalProviders;
  readonly register: RegisterMember;
  /** Registration by the page. */
  readonly registering: RegisterByCode;
  readonly logInByPassword: LogInByPassword;
  readonly door: LoginDoor;
  readonly logInByExternalId: LogInByExternalId;
  readonly assertPasskey: AssertPasskey;
  readonly enrolPasskey: EnrolPasskey;
  readonly confirmLogin: ConfirmLogin;
  readonly authenticatorApp: Pick<AuthenticatorApp, 'begin' | 'confirm'>;
  readonly approveDevice: ApproveDevice;
  readonly resets: ResetPassword;
  readonly recovery: OpenRecovery;
  readonly controls: Controls;
  readonly gate: Gate;
  readonly audit: Audit;
  /** Where a request comes from. */
  readonly originOf: (ctx: Context) => Origin;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/** One request to a page of an interaction. */
export interface Turn extends InteractionDeps {
  readonly ctx: Context;
  readonly interaction: Interaction;
  readonly uid: string;
  readonly client: StoredClient;
  readonly appName: string;
  readonly locale: Locale;
  /** What was posted; empty for a page that is only looked at. */
  readonly form: URLSearchParams;
  /** Whom a password that was posted counts for. */
  readonly source: string | null;
  /** Generation of the controls when the request came in: what it proves is not newer than that. */
  readonly generation: number;
}
