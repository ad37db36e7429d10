import { AsyncLocalStorage } from 'node:async_hooks';
import { isDuplicateKey, type RowWrite, type UnitOfWork, writeRows } from '@7pay/mongo';
import type { ClientSession, Connection } from 'mongoose';

/** Something that is read and written in one transaction with the writes that were gathered. */
export type Work = (session: ClientSession) => Promise<void>;

/** Writes by the name of what each is about. The same name again replaces what waits under it. */
export type NamedWrites = Readonly<Record<string, RowWrite>>;

/** What a request wrote, and is not sent yet. */
export interface Gathered {
  readonly writes: Map<string, RowWrite>;
  readonly work: Work[];
}

const gathering = new AsyncLocalStorage<Gathered>();

/** Runs a request whose writes wait: the library writes several documents, one of them more than once, each by itself. */
export async function gatherWrites(request: () => Promise<unknown>): Promise<Gathered> {
  const gathered: Gathered = { writes: new Map(), work: [] };
  await gathering.run(gathered, request);
  return gathered;
}

/** Keeps writes until the request ends; false where nothing gathers, and the caller sends them. */
export function gather(named: NamedWrites): boolean {
  const gathered = gathering.getStore();
  for (const [name, write] of Object.entries(named)) {
    gathered?.writes.delete(name); // and to the end
    gathered?.writes.set(name, write);
  }
  return gathered !== undefined;
}

/** Has work done in the transaction at the end of the request; false where nothing gathers, and the caller does it. */
export function gatherWork(work: Work): boolean {
  const gathered = gathering.getStore();
  gathered?.work.push(work);
  return gathered !== undefined;
}

/** The write that waits under a name. Who reads what it is about looks here first. */
export const gatheredWrite = (name: string): RowWrite | undefined =>
  gathering.getStore()?.writes.get(name);

/**
 * Sends what was gathered, before the answer. What has to stand or fall together (a login with its record, an interaction that
 * is used up) is one transaction; else it is one command, in the order in which it was written.
 * @throws AssertionError when what was to be used up is gone, or what the database says: then nothing may be answered
 */
export async function sendGathered(
  { writes: named, work }: Gathered,
  deps: { connection: Connection; unitOfWork: UnitOfWork },
): Promise<void> {
  const { connection, unitOfWork } = deps;
  const writes = [...named.values()];
  if (work.length > 0 || writes.some(({ name }) => name === 'deleteOne')) {
    return unitOfWork(async (session) => {
      for (const each of work) await each(session);
      await writeRows(connection, writes, session);
    });
  }
  const send = () => writeRows(connection, writes);
  // Two that make the same document at once: the second finds it there and writes over it.
  await send().catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error;
    return send();
  });
}
