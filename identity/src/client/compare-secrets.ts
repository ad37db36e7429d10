import { timingSafeEqual } from 'node:crypto';
import { digest } from '@7pay/ids';
import { type BusinessDate, businessDate, type Clock } from '@7pay/time';
import type { Provider } from 'oidc-provider';
import type { ClientStore } from './client.store.ts';
import { workingOld } from './client-secrets.ts';

interface ComparedClient {
  readonly clientId: string;
  compareClientSecret(actual: string): boolean | Promise<boolean>;
}

const REMEMBERED_MAX = 2_000;

/**
 * Takes the secret before as well, for as long as it works, and notes on which day each was used last. The old one is looked up each
 * time, so that it ends in every process at once; a use is written once a day by each process.
 */
export function compareSecrets(
  provider: Provider,
  { clients, clock }: { clients: Pick<ClientStore, 'kept' | 'noteSecretUse'>; clock: Clock },
): void {
  // The types leave out what the library's class has (models/client.js). It belongs to this one provider.
  const { prototype } = provider.Client as unknown as { prototype: ComparedClient };
  const compare = prototype.compareClientSecret;
  const noted = new Map<string, BusinessDate>();

  const fitsOld = async (clientId: string, actual: string, at: Date): Promise<boolean> => {
    const kept = await clients.kept(clientId);
    const old = kept && workingOld(kept.secrets, at);
    return old !== null && isSame(old.secret, actual);
  };
  const note = async (clientId: string, actual: string, at: Date): Promise<void> => {
    const day = businessDate(at);
    const name = digest([clientId, actual]);
    if (noted.get(name) === day) return;
    // Which of the two it is, is read anew: this process may not have heard of a new one yet.
    const kept = await clients.kept(clientId);
    if (!kept) return;
    const isCurrent = isSame(kept.client.client_secret ?? '', actual);
    await clients.noteSecretUse(kept, isCurrent ? 'CURRENT' : 'OLD', day);
    if (noted.size >= REMEMBERED_MAX) noted.clear();
    noted.set(name, day);
  };

  prototype.compareClientSecret = async function orTheOne(this: ComparedClient, actual) {
    const at = clock.now();
    const { clientId } = this;
    const fits = (await compare.call(this, actual)) || (await fitsOld(clientId, actual, at));
    if (fits) await note(clientId, actual, at);
    return fits;
  };
}

const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
