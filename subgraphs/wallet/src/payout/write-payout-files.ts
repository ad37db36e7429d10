import { createHash } from 'node:crypto';
import type { Controls, ControlsRefusal } from '@7pay/controls';
import { isRefused, type Refused } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import { readTransferFile, type Sender, writeTransferFile } from '@7pay/zengin';
import type { SettlementUnitOfWork } from '../settlement/settlement-work.ts';
import {
  assertMayBePut,
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
 * Writes every file that was approved. The bytes follow from the records alone, the sender among them: where a process died
 * between writing and marking, the same bytes are marked. One that was written and is gone was taken to the bank: it is written
 * again when its number is given, alone. One file that is wrong holds back no other.
 * @throws PayoutFileWrong when all others are written and one would be paid twice or too late, or what lies there, or was
 *   written once, is another file; nothing is overwritten
 */
export const writePayoutFiles =
  (
    unitOfWork: SettlementUnitOfWork,
    controls: Pick<Controls, 'guard'>,
    shelf: FileShelf,
    by: { readonly sender: Sender; readonly clock: Clock },
  ) =>
  async (again?: string): Promise<readonly WrittenFile[] | Refused<ControlsRefusal>> => {
    const allowed = controls.guard('payout');
    if (isRefused(allowed)) return allowed;
    const isNamed = again !== undefined;
    const files = isNamed
      ? [await named(unitOfWork, again)]
      : await unitOfWork((work) => work.files.inStates(['APPROVED', 'WRITTEN']));
    const written: WrittenFile[] = [];
    const wrong: string[] = [];
    for (const file of files) {
      const goesOn = controls.guard('payout'); // a run is long, and stops where it is
      if (isRefused(goesOn)) return goesOn;
      try {
        const one = await write(unitOfWork, shelf, file, { ...by, isNamed });
        if (one) written.push(one);
      } catch (error) {
        if (!(error instanceof PayoutFileWrong)) throw error;
        wrong.push(error.message);
      }
    }
    if (wrong.length > 0) throw new PayoutFileWrong(wrong.join('; '));
    return written;
  };

const named = (unitOfWork: SettlementUnitOfWork, number: string): Promise<PayoutFile> =>
  unitOfWork(async ({ files }) => {
    const file = await files.numbered(number);
    if (!file) throw new PayoutFileWrong(`no file has the number ${number}`);
    if (file.state !== 'APPROVED' && file.state !== 'WRITTEN')
      throw new PayoutFileWrong(`${number} is not approved`);
    return file;
  });

/** Null for what was written, is gone, and was not named. */
async function write(
  unitOfWork: SettlementUnitOfWork,
  shelf: FileShelf,
  file: PayoutFile,
  by: { readonly sender: Sender; readonly clock: Clock; readonly isNamed: boolean },
): Promise<WrittenFile | null> {
  const name = fileName(file);
  const there = await shelf.read(name);
  if (!there && file.state === 'WRITTEN' && !by.isNamed) return null;
  if (there && file.content === digestOf(there)) return { file, name, outcome: 'THERE_ALREADY' };
  const payouts = await unitOfWork((work) => work.payouts.ofFile(file.id));
  const sent = { ...file, sender: file.sender ?? by.sender };
  const bytes = writeTransferFile(orderOf(sent, payouts, sent.sender));
  const { total } = readTransferFile(bytes); // as the bank will
  if (total !== file.total) throw new PayoutFileWrong(`${file.number} has another sum`);
  const content = digestOf(bytes);
  if (file.content !== null && file.content !== content)
    throw new PayoutFileWrong(`${file.number} would not be the file that was written before`);
  if (there && !Buffer.from(there).equals(bytes))
    throw new PayoutFileWrong(`${name} is there and is another file`);
  const today = businessDate(by.clock.now());
  if (!there) assertMayBePut(file, payouts, { today, isNamed: by.isNamed });
  if (!file.sender) await claim(unitOfWork, file, by.sender);
  if (!there) await shelf.put(name, bytes);
  if (file.state === 'APPROVED') await mark(unitOfWork, file, content, by.clock.now());
  return { file: sent, name, outcome: there ? 'THERE_ALREADY' : 'WRITTEN' };
}

/**
 * Puts on record who sends it, before it is there: no later sender gives it other bytes, no other process puts it into another
 * folder, and nobody prepares it under another day.
 */
const claim = (
  unitOfWork: SettlementUnitOfWork,
  { id, number }: PayoutFile,
  sender: Sender,
): Promise<void> =>
  unitOfWork(async ({ files }) => {
    const file = await files.find(id);
    if (file?.state !== 'APPROVED' || file.sender || file.number !== number)
      throw new PayoutFileWrong(`${number} is in other hands`);
    await files.change(file, { ...file, sender });
  });

const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url');

const mark = (unitOfWork: SettlementUnitOfWork, { id }: PayoutFile, content: string, at: Date) =>
  unitOfWork(async ({ files }) => {
    const file = await files.find(id);
    if (file?.state !== 'APPROVED') return; // somebody else wrote it meanwhile, the same bytes
    await files.change(file, { ...file, state: 'WRITTEN', writtenAt: at, content });
  });
