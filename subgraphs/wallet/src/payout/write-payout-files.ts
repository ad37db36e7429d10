import { createHash } from 'node:crypto';
import type { Controls, ControlsRefusal } from '@7pay/controls';
import { isRefused, type Refused } from '@7pay/refusals';
import type { Clock } from '@7pay/time';
import { readTransferFile, type Sender, writeTransferFile } from '@7pay/zengin';
import type { SettlementUnitOfWork } from '../settlement/settlement-work.ts';
import {
  assertUnanswered,
  fileName,
  orderOf,
  type PayoutFile,
  PayoutFileWrong,
} from './payout-file.ts';

/** Where files lie. A file is there whole or not at all. */
export interface FileShelf {
  read(name: string): Promise<Uint8Array | null>;
  put(name: string, bytes: Uint8Array): Promise<void>;
}

/** A file that was written, and whether that was needed. */
export interface WrittenFile {
  readonly file: PayoutFile;
  readonly name: string;
  readonly outcome: 'WRITTEN' | 'THERE_ALREADY';
}

/**
 * Writes every file that was approved, and those again that were written and are gone. The bytes follow from the records
 * alone, the sender among them: where a process died between writing and marking, or a marked file is lost, the same bytes are
 * there afterwards. One file that is wrong holds back no other.
 * @throws PayoutFileWrong when all others are written and what lies there, or was written once, is another file; nothing is overwritten
 */
export const writePayoutFiles =
  (
    unitOfWork: SettlementUnitOfWork,
    controls: Pick<Controls, 'guard'>,
    shelf: FileShelf,
    { sender, clock }: { readonly sender: Sender; readonly clock: Clock },
  ) =>
  async (): Promise<readonly WrittenFile[] | Refused<ControlsRefusal>> => {
    const allowed = controls.guard('payout');
    if (isRefused(allowed)) return allowed;
    const files = await unitOfWork((work) => work.files.inStates(['APPROVED', 'WRITTEN']));
    const written: WrittenFile[] = [];
    const wrong: string[] = [];
    for (const approved of files) {
      const goesOn = controls.guard('payout'); // a run is long, and stops where it is
      if (isRefused(goesOn)) return goesOn;
      try {
        const file = await withSender(unitOfWork, approved, sender);
        written.push(await write(unitOfWork, shelf, file, clock));
      } catch (error) {
        if (!(error instanceof PayoutFileWrong)) throw error;
        wrong.push(error.message);
      }
    }
    if (wrong.length > 0) throw new PayoutFileWrong(wrong.join('; '));
    return written;
  };

/** A file of which it is on record who sends it: before it is there, so that no later sender gives it other bytes. */
type SentFile = PayoutFile & { readonly sender: Sender };

const withSender = (
  unitOfWork: SettlementUnitOfWork,
  { id }: PayoutFile,
  sender: Sender,
): Promise<SentFile> =>
  unitOfWork(async ({ files }) => {
    const file = await files.find(id);
    if (!file) throw new PayoutFileWrong(`${id} is gone`);
    if (file.sender) return { ...file, sender: file.sender };
    const sent = { ...file, sender };
    await files.change(file, sent);
    return sent;
  });

async function write(
  unitOfWork: SettlementUnitOfWork,
  shelf: FileShelf,
  file: SentFile,
  clock: Clock,
): Promise<WrittenFile> {
  const name = fileName(file);
  const there = await shelf.read(name);
  if (there && file.content === digestOf(there)) return { file, name, outcome: 'THERE_ALREADY' };
  const payouts = await unitOfWork((work) => work.payouts.ofFile(file.id));
  const bytes = writeTransferFile(orderOf(file, payouts, file.sender));
  const { total } = readTransferFile(bytes); // as the bank will
  if (total !== file.total) throw new PayoutFileWrong(`${file.number} has another sum`);
  const content = digestOf(bytes);
  if (file.content !== null && file.content !== content)
    throw new PayoutFileWrong(`${file.number} would not be the file that was written before`);
  if (there && !Buffer.from(there).equals(bytes))
    throw new PayoutFileWrong(`${name} is there and is another file`);
  if (!there && file.content === null) assertUnanswered(file, payouts);
  if (!there) await shelf.put(name, bytes);
  if (file.state === 'APPROVED') await mark(unitOfWork, file, content, clock.now());
  return { file, name, outcome: there ? 'THERE_ALREADY' : 'WRITTEN' };
}

const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url');

const mark = (unitOfWork: SettlementUnitOfWork, { id }: PayoutFile, content: string, at: Date) =>
  unitOfWork(async ({ files }) => {
    const file = await files.find(id);
    if (file?.state !== 'APPROVED') return; // somebody else wrote it meanwhile, the same bytes
    await files.change(file, { ...file, state: 'WRITTEN', writtenAt: at, content });
  });
