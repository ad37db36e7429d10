import { defineModel, findRows } from '@7pay/mongo';
import type { BankAccount } from '@7pay/zengin';
import { type ClientSession, type Connection, Schema } from 'mongoose';

/** To which account a merchant is paid, from the merchant subgraph's events. */
interface PayeeDocument extends BankAccount {
  _id: string;
  /** When the event was made: an older one changes nothing. */
  since: Date;
}

const text = { type: String, required: true };
const schema = new Schema<PayeeDocument>(
  {
    _id: text,
    bankCode: text,
    branchCode: text,
    kind: text,
    number: text,
    holderKana: text,
    since: { type: Date, required: true },
  },
  { versionKey: false },
);

export const payeeModel = (connection: Connection) =>
  defineModel(connection, 'wallet_payees', schema);

/** The accounts to which merchants are paid. */
export function payeeStore(connection: Connection, session: ClientSession | null) {
  const payees = payeeModel(connection);
  return {
    accountsOf: async (merchantIds: readonly string[]): Promise<Map<string, BankAccount>> => {
      const rows = await findRows(payees, { _id: { $in: [...merchantIds] } }, { session });
      return new Map(rows.map(({ _id, since: _since, ...account }) => [_id, account]));
    },
    /** Notes an account; an older one than what is known changes nothing. */
    note: async (merchantId: string, account: BankAccount, since: Date): Promise<void> => {
      const options = session ? { session } : {};
      const known = await payees.collection.findOne({ _id: merchantId as never }, options);
      if (known && known['since'] >= since) return;
      await payees.collection.replaceOne(
        { _id: merchantId as never },
        { ...account, since },
        { upsert: true, ...options },
      );
    },
  };
}
