import type { Refused } from '@7pay/refusals';
import { declareRefusals, refuse } from '@7pay/refusals';
import type { Wallet, WalletState } from '../wallet/wallet.ts';

/** One reason why nothing leaves a wallet: its member's own, or an operator's. Each is lifted by itself. */
export interface Freeze {
  /** The member, or the operator, who did it. */
  readonly actor: string;
  readonly at: Date;
  /** What the member reads; an operator always gives one. */
  readonly reason: Reason | null;
}
export interface Reason {
  readonly ja: string;
  readonly en: string;
}

/** Both can stand at once: a wallet opens again when neither does. */
export interface Freezes {
  readonly own: Freeze | null;
  readonly operators: Freeze | null;
}
export const NO_FREEZES: Freezes = { own: null, operators: null };

/** What was done to a wallet, by whom and why. Written with the change or not at all; never changed. */
export interface FreezeRecord {
  /** That of the journal entry. */
  readonly id: string;
  readonly walletId: string;
  readonly n: number;
  readonly action: 'FREEZE' | 'THAW';
  readonly side: Side;
  readonly actor: string;
  readonly at: Date;
  readonly reason: Reason | null;
}
export type Side = 'MEMBER' | 'OPERATOR';

export type FreezeRefusal =
  | 'WALLET_NOT_OPEN'
  | 'WALLET_CLOSED'
  | 'WALLET_FROZEN_BY_OPERATOR'
  | 'WALLET_FROZEN_ALREADY'
  | 'WALLET_NOT_FROZEN'
  | 'STEP_UP_REQUIRED'
  | 'SECOND_PERSON_REQUIRED';

declareRefusals('freeze', {
  WALLET_CLOSED: {
    ja: 'このウォレットは解約済みです。',
    en: 'This wallet is closed.',
  },
  WALLET_FROZEN_BY_OPERATOR: {
    ja: '安全のため7payが利用を停止しています。理由をご確認のうえ、お客様サポートにご連絡ください。',
    en: '7pay has frozen this wallet for safety. Please see the reason and contact support.',
  },
  WALLET_FROZEN_ALREADY: {
    ja: 'このウォレットは、すでに担当者が停止しています。',
    en: 'An operator has frozen this wallet already.',
  },
  WALLET_NOT_FROZEN: {
    ja: 'このウォレットは担当者によって停止されていません。',
    en: 'No operator has frozen this wallet.',
  },
});

/** A member who logged in longer ago than this logs in again before the wallet opens: seconds. */
export const THAW_FRESH_SECONDS = 600;

/** The wallet as it stands under these freezes. */
const under = (wallet: Wallet, freezes: Freezes): Wallet => {
  const state: WalletState = freezes.own || freezes.operators ? 'FROZEN' : 'OPEN';
  return { ...wallet, state, freezes, changes: wallet.changes + 1 };
};

/** The member stops everything. Done twice, the first stands. */
export function freezeOwn(
  wallet: Wallet | null,
  at: Date,
): Wallet | Refused<'WALLET_NOT_OPEN' | 'WALLET_CLOSED'> {
  if (!wallet) return refuse('WALLET_NOT_OPEN');
  if (wallet.state === 'CLOSED') return refuse('WALLET_CLOSED');
  if (wallet.freezes.own) return wallet;
  const own: Freeze = { actor: wallet.memberId, at, reason: null };
  return under(wallet, { ...wallet.freezes, own });
}

/** The member lifts what they did themselves, and nothing else. */
export function thawOwn(
  wallet: Wallet | null,
): Wallet | Refused<'WALLET_NOT_OPEN' | 'WALLET_CLOSED' | 'WALLET_FROZEN_BY_OPERATOR'> {
  if (!wallet) return refuse('WALLET_NOT_OPEN');
  if (wallet.state === 'CLOSED') return refuse('WALLET_CLOSED');
  if (wallet.freezes.own) return under(wallet, { ...wallet.freezes, own: null });
  return wallet.freezes.operators ? refuse('WALLET_FROZEN_BY_OPERATOR') : wallet;
}

/** An operator stops a wallet and says why. */
export function freezeForSafety(
  wallet: Wallet,
  freeze: Freeze & { readonly reason: Reason },
): Wallet | Refused<'WALLET_CLOSED' | 'WALLET_FROZEN_ALREADY'> {
  if (wallet.state === 'CLOSED') return refuse('WALLET_CLOSED');
  if (wallet.freezes.operators) return refuse('WALLET_FROZEN_ALREADY');
  return under(wallet, { ...wallet.freezes, operators: freeze });
}

/** Another operator lifts it. What the member did stays. */
export function thawForSafety(
  wallet: Wallet,
  actor: string,
): Wallet | Refused<'WALLET_CLOSED' | 'WALLET_NOT_FROZEN' | 'SECOND_PERSON_REQUIRED'> {
  if (wallet.state === 'CLOSED') return refuse('WALLET_CLOSED');
  const { operators } = wallet.freezes;
  if (!operators) return refuse('WALLET_NOT_FROZEN');
  if (operators.actor === actor) return refuse('SECOND_PERSON_REQUIRED');
  return under(wallet, { ...wallet.freezes, operators: null });
}
