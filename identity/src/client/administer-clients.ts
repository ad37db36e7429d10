import type { EndedLoginStore } from '@7pay/controls';
import type { UnitOfWork } from '@7pay/mongo';
import { declareRefusals, isRefused, type Refused, refuse } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import type { Audit } from '../audit/audit.store.ts';
import type { ClientStore, KeptClient } from './client.store.ts';
import {
  approve,
  changeRedirects,
  type ClientStep,
  type ClientStepRefusal,
  reopen,
  stateOf,
  suspend,
} from './client-standing.ts';
import { FIRST_SECRET, type Leaving, renewSecrets, workingOld } from './client-secrets.ts';
import {
  judgeRedirects,
  type NewClient,
  newClient,
  type NewClientRefusal,
  newSecret,
} from './new-client.ts';

declareRefusals('identity/client/administer-clients', {
  TOO_MANY_CLIENTS: {
    ja: '1人が登録できるアプリは{max}件までです。',
    en: 'One person can register at most {max} apps.',
  },
  CLIENT_HAS_NO_SECRET: {
    ja: 'このクライアントは鍵や証明書で認証するため、シークレットはありません。',
    en: 'This client proves itself by a key or a certificate and has no secret.',
  },
});

/** Apps of one person. */
export const OWN_CLIENTS_MAX = 5;

/** After these, nothing that the client was given before may hold. */
const ENDS_TOKENS: ReadonlySet<string> = new Set(['SUSPENDED', 'SECRET_REPLACED']);

/** What is done to a client, by whom and why. */
export interface ClientOrder {
  readonly id: string;
  readonly by: string;
  /** Why, for the record. */
  readonly note: string;
}

/** A client whose secret was just made. It is shown once; we keep it sealed. */
export interface WithSecret {
  readonly kept: KeptClient;
  readonly secret: string | null;
}

export type ClientChangeRefusal = ClientStepRefusal | 'CLIENT_HAS_NO_SECRET';
type Changed = KeptClient | Refused<ClientChangeRefusal>;
type Decided = { readonly kept: KeptClient; readonly action: string };
type Who = { readonly by: string; readonly at: Date };

/** What people do with clients while 7iD runs. Each is recorded in the transaction that changes the client. */
export interface ClientAdministration {
  readonly store: Pick<ClientStore, 'kept' | 'list' | 'registeredBy'>;
  /** Registers an app for a person; it begins in the test state. */
  register(
    asked: NewClient,
    by: string,
  ): Promise<WithSecret | Refused<NewClientRefusal | 'TOO_MANY_CLIENTS'>>;
  suspend(order: ClientOrder): Promise<Changed>;
  reopen(order: ClientOrder): Promise<Changed>;
  approve(order: ClientOrder): Promise<Changed>;
  changeRedirects(
    order: ClientOrder,
    uris: readonly string[],
  ): Promise<Changed | Refused<'REDIRECT_URI_INVALID'>>;
  /** A new secret; the one before works for a day more, or is worth nothing within two seconds. One before that is over. */
  rotateSecret(
    order: ClientOrder,
    leaving: Leaving,
  ): Promise<WithSecret | Refused<ClientChangeRefusal>>;
  /** The secret before ends now, in every process. */
  endOldSecret(order: ClientOrder): Promise<Changed>;
}

export function administerClients(deps: {
  clients: ClientStore;
  unitOfWork: UnitOfWork;
  ends: EndedLoginStore;
  audit: Audit;
  clock: Clock;
}): ClientAdministration {
  const { clients, unitOfWork, ends, audit, clock } = deps;

  const change = async (
    { id, by, note }: ClientOrder,
    decide: (kept: KeptClient, who: Who) => Decided | Refused<ClientChangeRefusal>,
  ): Promise<Changed> => {
    const result = await unitOfWork(async (session) => {
      const found = await clients.kept(id, session);
      if (!found) return refuse('CLIENT_NOT_FOUND');
      const at = clock.now();
      const decided = decide(found, { by, at });
      if (isRefused(decided)) return decided;
      await clients.keep(decided.kept, session);
      if (ENDS_TOKENS.has(decided.action)) {
        await ends.tell({ kind: 'CLIENT', clientId: id }, at, session);
      }
      const facts = { clientId: id, actor: by, reason: decided.action, note };
      await audit.append('CLIENT_CHANGED', facts, session);
      return decided.kept;
    });
    clients.forget(id);
    return result;
  };
  const stepping =
    (step: (kept: KeptClient, who: Who) => ClientStep | Refused<ClientStepRefusal>) =>
    (order: ClientOrder) =>
      change(order, (kept, who) => {
        const stepped = step(kept, who);
        if (isRefused(stepped)) return stepped;
        return { kept: { ...kept, standing: stepped.standing }, action: stepped.action };
      });

  return {
    store: clients,
    register: async (asked, by) => {
      const made = newClient(asked);
      if (isRefused(made)) return made;
      const { client, secret } = made;
      const kept: KeptClient = {
        client,
        standing: {
          clientId: client.client_id,
          origin: 'CONSOLE',
          approved: false,
          suspended: null,
          proposal: null,
          registeredBy: by,
          registeredAt: clock.now(),
        },
        secrets: FIRST_SECRET,
      };
      return unitOfWork(async (session) => {
        const own = await clients.countRegisteredBy(by, session);
        if (own >= OWN_CLIENTS_MAX) {
          return refuse('TOO_MANY_CLIENTS', { max: OWN_CLIENTS_MAX });
        }
        await clients.keep(kept, session, own + 1);
        const facts = { clientId: client.client_id, actor: by, reason: 'REGISTERED' };
        await audit.append('CLIENT_CHANGED', { ...facts, method: asked.kind }, session);
        return { kept, secret };
      });
    },
    suspend: stepping(({ standing }, who) => suspend(standing, who)),
    reopen: stepping(({ standing }, who) => reopen(standing, who)),
    approve: stepping(({ standing }, who) => approve(standing, who)),
    changeRedirects: async (order, uris) => {
      const problem = judgeRedirects(uris);
      if (problem) return problem;
      return change(order, ({ client, standing, secrets }, who) => {
        const step = changeRedirects(standing, uris, who);
        if (isRefused(step)) return step;
        const { standing: next, action } = step;
        const redirects = action === 'REDIRECTS_CHANGED' ? { redirect_uris: [...uris] } : {};
        const changed = { client: { ...client, ...redirects }, standing: next, secrets };
        return { kept: changed, action };
      });
    },
    rotateSecret: async (order, leaving) => {
      const secret = newSecret();
      const kept = await change(order, ({ client, standing, secrets }, { at }) => {
        if (standing.origin !== 'CONSOLE') return refuse('CLIENT_KEPT_ELSEWHERE');
        if (stateOf(standing) === 'SUSPENDED') return refuse('CLIENT_NOT_IN_THIS_STATE');
        if (client.client_secret === undefined) return refuse('CLIENT_HAS_NO_SECRET');
        const renewed = {
          client: { ...client, client_secret: secret },
          standing,
          secrets: renewSecrets(secrets, client.client_secret, { leaving, at }),
        };
        const action = leaving === 'AT_ONCE' ? 'SECRET_REPLACED' : 'SECRET_ROTATED';
        return { kept: renewed, action };
      });
      return isRefused(kept) ? kept : { kept, secret };
    },
    endOldSecret: (order) =>
      change(order, (kept, { at }) => {
        const { standing, secrets } = kept;
        if (standing.origin !== 'CONSOLE') return refuse('CLIENT_KEPT_ELSEWHERE');
        if (!workingOld(secrets, at)) return refuse('CLIENT_NOT_IN_THIS_STATE');
        return {
          kept: { ...kept, secrets: { ...secrets, old: null } },
          action: 'OLD_SECRET_ENDED',
        };
      }),
  };
}
