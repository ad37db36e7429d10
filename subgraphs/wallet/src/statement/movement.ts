import assert from 'node:assert/strict';
import { type AccountEntry, type EntryKind, moves, walletAccount } from '@7pay/ledger';
import type { BusinessDate } from '@7pay/time';

/** What moved the balance of a wallet. */
export const MOVEMENT_KINDS = [
  'PAYMENT',
  'PAYMENT_REFUND',
  'PAYMENT_CANCEL',
  'TOP_UP',
  'TOP_UP_REVERSAL',
  'POINTS_EXCHANGE',
  'BALANCE_REFUND',
  'CORRECTION',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** One movement of a wallet, as the journal tells it. Holds and states move nothing and are none. */
export interface Movement {
  /** Id of the journal entry. */
  readonly id: string;
  /** Its number among the entries of the wallet. */
  readonly seq: number;
  readonly kind: MovementKind;
  /** Yen; negative leaves the wallet. */
  readonly amount: number;
  /** Yen in the wallet after it. */
  readonly balanceAfter: number;
  readonly at: Date;
  readonly businessDate: BusinessDate;
  readonly paymentId: string | null;
  readonly topUpId: string | null;
  readonly storeId: string | null;
  readonly merchantId: string | null;
}

const KIND_OF: Readonly<Partial<Record<EntryKind, MovementKind>>> = {
  PAYMENT: 'PAYMENT',
  PAYMENT_CAPTURE: 'PAYMENT',
  PAYMENT_REFUND: 'PAYMENT_REFUND',
  PAYMENT_CANCEL: 'PAYMENT_CANCEL',
  TOP_UP: 'TOP_UP',
  TOP_UP_REVERSAL: 'TOP_UP_REVERSAL',
  POINTS_EXCHANGE: 'POINTS_EXCHANGE',
  BALANCE_REFUND: 'BALANCE_REFUND',
  WALLET_CLOSE: 'BALANCE_REFUND',
};

/** The movement that an entry is for a wallet; null when nothing of it moves. */
export function movementOf(walletId: string, { entry, stand }: AccountEntry): Movement | null {
  const account = walletAccount(walletId);
  assert.equal(stand.account, account, 'the entry is read for this wallet');
  const legs = entry.legs.filter((leg) => leg.account === account);
  if (legs.length === 0 || !moves(entry)) return null;
  const { paymentId, topUpId, storeId, merchantId } = entry.ref;
  return {
    id: entry.id,
    seq: stand.seq,
    kind: KIND_OF[entry.kind] ?? 'CORRECTION',
    amount: legs.reduce((sum, leg) => sum + (leg.side === 'credit' ? leg.amount : -leg.amount), 0),
    balanceAfter: stand.posted,
    at: entry.at,
    businessDate: entry.businessDate,
    paymentId: paymentId ?? null,
    topUpId: topUpId ?? null,
    storeId: storeId ?? null,
    merchantId: merchantId ?? null,
  };
}
