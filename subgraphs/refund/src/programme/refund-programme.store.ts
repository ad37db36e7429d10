import type { Page } from '@7pay/graphql';
import { defineModel, findPage, insertRow, placeOf, type PagePlace } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import type { RefundProgramme } from './refund-programme.ts';

type ProgrammeDocument = Omit<RefundProgramme, 'id'> & { _id: string };

const text = { type: String, required: true };
const instant = { type: Date, required: true };
const schema = new Schema<ProgrammeDocument>(
  {
    _id: text,
    title: text,
    issuer: text,
    instrument: text,
    noticeDate: text,
    claimsFrom: instant,
    claimsUntil: instant,
    contact: text,
    howToClaim: text,
    howPaid: text,
    exclusionNotice: text,
    openedBy: text,
  },
  { versionKey: false },
).index({ claimsUntil: -1, _id: -1 });

export const programmeModel = (connection: Connection) =>
  defineModel(connection, 'refund_programmes', schema);

// Two programmes that open at once write different documents, so neither would see the other. Both write this
// one too: the second meets a conflict, runs again and finds the first.
const turnSchema = new Schema<{ _id: string; last: string }>(
  { _id: text, last: text },
  { versionKey: false },
);
export const programmeTurnModel = (connection: Connection) =>
  defineModel(connection, 'refund_programmeTurn', turnSchema);

/** The refund programmes. */
export function programmeStore(connection: Connection, session: ClientSession | null) {
  const programmes = programmeModel(connection);
  const turns = programmeTurnModel(connection);
  return {
    find: async (id: string): Promise<RefundProgramme | null> =>
      toProgramme(await programmes.findById(id).session(session).lean()),
    findMany: async (ids: readonly string[]): Promise<RefundProgramme[]> =>
      (await programmes.find({ _id: { $in: [...ids] } }).lean()).flatMap(
        (row) => toProgramme(row) ?? [],
      ),
    /** The programme that is announced or open at an instant. There is never more than one. */
    running: async (at: Date): Promise<RefundProgramme | null> =>
      toProgramme(
        await programmes
          .findOne({ claimsUntil: { $gt: at } })
          .sort({ claimsUntil: -1 })
          .session(session)
          .lean(),
      ),
    insert: async ({ id, ...programme }: RefundProgramme): Promise<void> => {
      await turns
        .updateOne({ _id: 'programme' }, { $set: { last: id } }, { upsert: true })
        .session(session);
      await insertRow(programmes, { _id: id, ...programme }, session);
    },
    page: async (place: PagePlace): Promise<Page<RefundProgramme>> => {
      const { rows, more } = await findPage(programmes, {}, { field: 'claimsUntil', ...place });
      return { rows: rows.flatMap((row) => toProgramme(row) ?? []), more };
    },
  };
}

/** The place of a programme in a list, newest first. */
export const programmeSortKey = ({ claimsUntil, id }: RefundProgramme): string =>
  placeOf(claimsUntil, id);

const toProgramme = (row: ProgrammeDocument | null): RefundProgramme | null => {
  if (!row) return null;
  const { _id, ...programme } = row;
  return { id: _id, ...programme };
};
