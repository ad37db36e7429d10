import type { IdSource } from '@7pay/ids';
import { unitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import { httpMessenger } from '@7pay/world';
import type { Connection } from 'mongoose';
import { auditedContacts, auditedFactors } from '../audit/audited-stores.ts';
import type { Audit } from '../audit/audit.store.ts';
import { openContactStore } from '../contact/contact.store.ts';
import { manageContacts } from '../contact/manage-contacts.ts';
import { seal, unseal } from '../keys/seal.ts';
import { openMessageBudget } from '../one-time-code/message-budget.store.ts';
import { openWindowCounts } from '../one-time-code/window-count.store.ts';
import { oneTimeCodes } from '../one-time-code/one-time-codes.ts';
import { openOneTimeCodeStore } from '../one-time-code/one-time-code.store.ts';
import { openMemberStore } from './member.store.ts';
import { authenticatorApp } from '../second-factor/authenticator-app.ts';
import { confirmLogin } from '../second-factor/confirm-login.ts';
import { openSecondFactorStore } from '../second-factor/second-factor.store.ts';
import type { IdentitySettings } from '../settings.ts';

/** What members prove themselves by besides passwords and passkeys, and where they can be reached. */
export function openAccount(deps: {
  connection: Connection;
  settings: Pick<IdentitySettings, 'credentialSecrets' | 'messageCarrier'>;
  audit: Audit;
  clock: Clock;
  ids: IdSource;
  log: Log;
}) {
  const { connection, settings, audit, clock, ids, log } = deps;
  const inUnit = unitOfWork(connection);
  const secrets = settings.credentialSecrets;
  const secret = String(secrets[0]);
  const contacts = auditedContacts(openContactStore(connection), audit, inUnit);
  const factors = auditedFactors(openSecondFactorStore(connection), audit, inUnit);
  const members = openMemberStore(connection);
  const messenger = httpMessenger(settings.messageCarrier, clock);
  const counts = openWindowCounts(connection, secret);
  const codes = oneTimeCodes({
    codes: openOneTimeCodeStore(connection),
    budget: openMessageBudget(counts),
    messenger,
    secret,
    clock,
    ids,
    log,
  });
  const vault = {
    seal: (text: string, purpose: string) => seal(text, secret, purpose),
    open: (sealed: string, purpose: string) => unseal(sealed, secrets, purpose),
  };
  const app = authenticatorApp({ factors, vault, secret, clock });
  return {
    contacts,
    factors,
    codes,
    counts,
    secret,
    messenger,
    app,
    confirmLogin: confirmLogin({ app, factors, contacts, members, codes, clock }),
    useCases: {
      contacts: manageContacts({
        unitOfWork: inUnit,
        contacts,
        members,
        codes,
        messenger,
        clock,
        ids,
        log,
      }),
      app,
    },
  };
}
