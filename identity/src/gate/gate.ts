import type {
  Controls,
  ControlsRefusal,
  LoginFacts,
  LoginStop,
  LoginVerdict,
} from '@7pay/controls';
import { isRefused, type Refused, refuse } from '@7pay/refusals';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { memberOfAccount } from '../account/member-of-account.ts';
import { type GatePlace, type JudgeAt, placeOf } from './gate-place.ts';
import { isLocked, type Member } from '../account/member.ts';
import { factsOf, type LoginRecord, type ProofFacts } from './login-record.ts';
import type { NoteDevice } from '../new-device/note-device.ts';
import type { LoginRecordStore } from './login-record.store.ts';

/** What of a token of the library the gate looks at; each kind has some of it. */
export interface HeldToken {
  readonly kind: string;
  readonly accountId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly sessionUid?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  readonly authTime?: number | undefined;
  readonly extra?: unknown;
}

/** The one gate of 7iD for whoever is logged in or about to be (docs/adr/0031-one-gate-for-every-login.md). */
export interface Gate {
  /** Whether the login behind a token still holds: for each place that takes one. @throws TemporarilyUnavailable when blind */
  loginStillHolds(ctx: KoaContextWithOIDC, token: HeldToken, member?: Member): Promise<boolean>;
  /** Whether the login of the browser's session still holds; a login that was just finished is remembered on the way. */
  sessionHolds(ctx: KoaContextWithOIDC): Promise<boolean>;
  /** Whether the login of a session holds that is about to add a way in; pages of 7iD itself ask for no app. */
  mayEnrol(login: {
    sessionUid: string;
    amr: readonly string[];
    at: Date;
    forClientId?: string;
  }): Promise<boolean>;
  /** Refuses a login that is about to be made, before anything about it is looked at: the answer tells nothing. */
  admit(
    place: GatePlace,
    facts: LoginFacts,
  ): Refused<'LOGIN_STOPPED' | ControlsRefusal> | undefined;
  /** Why such a login would be refused, for showing it beside the way in. */
  look(facts: LoginFacts): LoginStop | undefined;
  /** Judges the login behind an access token by what the token tells of it, as gateways do. */
  judgeToken(facts: LoginFacts): LoginVerdict;
  /** The login that tokens are given out for in this request, once it was judged. */
  judged(ctx: KoaContextWithOIDC): LoginRecord | undefined;
}

/** Whether a login was made before all of the member's were ended. The new one may be of the same second. */
export const isBefore = (atSeconds: number, endedAt: Date | null | undefined): boolean =>
  endedAt !== null && endedAt !== undefined && atSeconds < Math.floor(endedAt.getTime() / 1_000);

/** Opens the gate. `judgeAt` is for tests, which take it away at one place. */
export function openGate(deps: {
  controls: Controls;
  logins: LoginRecordStore;
  /** Told of a login that was proven and that a cut-off or a switch had stopped meanwhile. */
  noteStopped: (login: LoginRecord) => Promise<void>;
  noteDevice: NoteDevice;
  judgeAt?: JudgeAt | undefined;
}): Gate {
  const { controls, logins, noteDevice, noteStopped } = deps;
  const judgeAt: JudgeAt = deps.judgeAt ?? ((_place, facts) => controls.judge(facts));
  const found = new WeakMap<object, LoginRecord>();
  const holdsAt = (place: GatePlace, facts: LoginFacts) => judgeAt(place, facts).holds;

  // A process that slept, or lost the database, looks first; what it cannot see it does not pass.
  const caughtUp = async () => {
    if (!isRefused(controls.guard())) return;
    await controls.refresh().catch(() => {});
    if (isRefused(controls.guard())) throw new errors.TemporarilyUnavailable('controls are stale');
  };

  return {
    loginStillHolds: async (ctx, token, member) => {
      await caughtUp();
      if (isLocked(member)) return false;
      const facts = loginOf(token);
      const { sessionUid } = token;
      const sessionOf = (uid: string) => ctx.oidc.provider.Session.findByUid(uid);
      // A yes on the phone is of that login, and of nothing that outlives it: the library does not tie it to its session.
      if (token.kind === 'BackchannelAuthenticationRequest' && sessionUid) {
        const session = await sessionOf(sessionUid);
        if (!session || session.accountId !== token.accountId) return false;
      }
      const at = facts.atSeconds ?? (sessionUid && (await sessionOf(sessionUid))?.loginTs);
      if (isBefore(typeof at === 'number' ? at : 0, member?.loginsEndedAt)) return false;
      const record =
        sessionUid && typeof at === 'number'
          ? await logins.find({ sessionUid, atSeconds: at })
          : null;
      if (record) found.set(ctx.oidc, record);
      return holdsAt(placeOf(token.kind), known(record, facts));
    },

    sessionHolds: async ({ oidc }) => {
      await caughtUp();
      const { session, result } = oidc;
      if (!session?.accountId) return true;
      const { uid: sessionUid, accountId: memberId, amr = [], acr = '', loginTs = 0 } = session;
      const forClientId = oidc.client?.clientId;
      const member = memberOfAccount(oidc.account);
      const endedAt = member?.loginsEndedAt;
      if (isLocked(member) || isBefore(loginTs, endedAt)) return false;
      const proof = (result?.login as { facts?: ProofFacts } | undefined)?.facts;
      if (!proof) {
        const record = await logins.find({ sessionUid, atSeconds: loginTs });
        if (record) found.set(oidc, record);
        return holdsAt('session', known(record, { amr, atSeconds: loginTs, forClientId }));
      }
      const record = { ...proof, sessionUid, memberId, amr, acr, atSeconds: loginTs };
      await logins.record(record);
      found.set(oidc, record);
      const holds = holdsAt('resume', { ...factsOf(record), forClientId });
      await (holds ? noteDevice(record) : noteStopped(record));
      return holds;
    },

    mayEnrol: async ({ sessionUid, amr, at, forClientId }) => {
      await caughtUp();
      const atSeconds = Math.floor(at.getTime() / 1_000);
      const record = await logins.find({ sessionUid, atSeconds });
      return holdsAt('enrolment', known(record, { amr, atSeconds, forClientId }));
    },

    admit: (place, facts) => {
      const blind = controls.guard();
      if (isRefused(blind)) return blind;
      const verdict = judgeAt(place, facts);
      if (verdict.holds) return undefined;
      const { by, since, reason } = verdict.stop;
      return refuse('LOGIN_STOPPED', {
        by,
        since: since.toISOString(),
        reasonJa: reason?.ja ?? '',
        reasonEn: reason?.en ?? '',
      });
    },

    look: (facts) => {
      const verdict = controls.judge(facts);
      return verdict.holds ? undefined : verdict.stop;
    },

    judgeToken: (facts) => judgeAt('token', facts),
    judged: (ctx) => found.get(ctx.oidc),
  };
}

// What is on record of a login, for which app it is asked for, and by which methods whoever asks says that it was made:
// two logins of one second share a record.
const known = (record: LoginRecord | null, told: LoginFacts): LoginFacts =>
  record
    ? { ...factsOf(record), amr: told.amr ?? record.amr, forClientId: told.forClientId }
    : told;

// What a token tells by itself. Codes and refresh tokens carry their login; an access token carries our own claims.
function loginOf({ amr, authTime, clientId, extra }: HeldToken): LoginFacts {
  const told = (extra ?? {}) as { amr?: string[]; auth_time?: number };
  const atSeconds = authTime ?? told.auth_time;
  return { amr: amr ?? told.amr, atSeconds, clientId, forClientId: clientId };
}
