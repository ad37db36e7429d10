import { defineModel, findRow } from '@7pay/mongo';
import { type ClientSession, type Connection, Schema } from 'mongoose';
import { MAIL_DEFAULTS, type MailChoice } from './mail-choice.ts';

type ChoiceDocument = MailChoice & { readonly _id: string };

const choice = { type: Boolean, required: true };
const schema = new Schema<ChoiceDocument>(
  {
    _id: { type: String, required: true },
    largePayments: choice,
    otherPayments: choice,
    cardTopUps: choice,
    otherTopUps: choice,
    moneyBack: choice,
  } as never,
  { versionKey: false },
);

export const mailChoiceModel = (connection: Connection) =>
  defineModel(connection, 'wallet_mailChoices', schema);

/** What members chose to have by mail, by member. */
export function mailChoiceStore(connection: Connection, session: ClientSession | null) {
  const choices = mailChoiceModel(connection);
  return {
    of: async (memberId: string): Promise<MailChoice> => {
      const row = await findRow(choices, { _id: memberId }, session);
      if (!row) return MAIL_DEFAULTS;
      const { _id: _, ...chosen } = row;
      return { ...MAIL_DEFAULTS, ...chosen };
    },
    write: async (memberId: string, chosen: MailChoice): Promise<void> => {
      await choices.updateOne({ _id: memberId }, { $set: chosen }, { upsert: true });
    },
  };
}
