import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { openPasswordHashes } from '../account/password-hashes.ts';
import { openAdmission } from '../admission/admission.ts';
import type { Audit } from '../audit/audit.store.ts';
import { openLoginDoor } from '../login/open-login-door.ts';
import type { IdentitySettings } from '../settings.ts';
import { NONE_BREACHED, openBreachedPasswords } from './breached-passwords.ts';
import { newPasswords } from './new-passwords.ts';
import { openPasswordThreads } from './password-threads.ts';

/** What judges and hashes passwords in this process, and the door before it. */
export async function openPasswords(deps: {
  settings: IdentitySettings;
  audit: Audit;
  clock: Clock;
  log: Log;
}) {
  const { settings, log } = deps;
  const threads = openPasswordThreads();
  const hashes = openPasswordHashes(threads);
  const breached = settings.breachedPasswordsFile
    ? await openBreachedPasswords(settings.breachedPasswordsFile)
    : NONE_BREACHED;
  const admission = openAdmission({ log });
  const door = openLoginDoor({ ...deps, admission, hashes });
  return {
    hashes,
    passwords: newPasswords({ threads, breached }),
    admission,
    door,
    /** Ends the threads; what the door has counted is on record first. */
    close: async (): Promise<void> => {
      await door.close();
      await breached.close();
      await threads.close();
    },
  };
}
