import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Context } from 'koa';
import type { PasswordHashes } from '../account/password-hashes.ts';
import type { Admission } from '../admission/admission.ts';
import { knownBrowsers } from '../admission/known-browser.ts';
import type { Audit } from '../audit/audit.store.ts';
import { type AwayFrom, openTurnedAway } from '../audit/turned-away.ts';
import { whereFrom } from '../gate/origin.ts';
import type { IdentitySettings } from '../settings.ts';
import { type LoginDoor, loginDoor } from './login-door.ts';

/** The door of a process. */
export interface OpenLoginDoor extends LoginDoor {
  /** From where a request comes, as the door sees it. */
  readonly whereFrom: (ctx: Context) => AwayFrom;
  /** Puts on record what was counted so far. */
  close(): Promise<void>;
}

/** Opens the door before passwords. */
export function openLoginDoor(deps: {
  admission: Admission;
  audit: Audit;
  hashes: Pick<PasswordHashes, 'hasRoom' | 'roomMax'>;
  settings: IdentitySettings;
  clock: Clock;
  log: Log;
}): OpenLoginDoor {
  const { audit, settings, clock, log } = deps;
  const turnedAway = openTurnedAway(audit, { clock, log });
  const where = whereFrom(settings.origin);
  const browsers = knownBrowsers(settings.cookieKeys);
  const door = loginDoor({ ...deps, browsers, turnedAway, whereFrom: where });
  return { ...door, whereFrom: where, close: turnedAway.close };
}
