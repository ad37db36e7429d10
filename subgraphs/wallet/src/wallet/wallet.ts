import { acrAtLeast, type MemberViewer } from '@7pay/graphql';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { type Freezes, NO_FREEZES } from '../freeze/freeze.ts';

/** A member's wallet. Its money is in the ledger, under `walletAccount(id)`. */
export interface Wallet {
  readonly id: string;
  readonly memberId: string;
  readonly state: WalletState;
  readonly openedAt: Date;
  readonly termsVersion: string;
  /** Codes of an earlier epoch are dead: raised when a device is removed, and by whoever freezes the wallet. */
  readonly codeEpoch: number;
  /** Why nothing leaves it, if so. */
  readonly freezes: Freezes;
  /** How often its state changed. */
  readonly changes: number;
}
export type WalletState = 'OPEN' | 'FROZEN' | 'CLOSED';

export type OpenWalletRefusal = 'STEP_UP_REQUIRED' | 'TERMS_OUTDATED';

declareRefusals('wallet', {
  TERMS_OUTDATED: {
    ja: '利用規約が新しくなりました。新しい規約をご確認のうえ、もう一度お試しください。',
    en: 'The terms have changed. Please read the new ones and try again.',
  },
  WALLET_NOT_OPEN: {
    ja: '7payの利用がまだ始まっていません。ホームから利用を始めてください。',
    en: 'You have no 7pay wallet yet. Please open one from the home screen.',
  },
});

/** The terms that a member accepts when opening a wallet: version and the day they took effect. */
export const TERMS_VERSION = '2019-07-01';

/** The most a wallet may hold, yen. Source: docs/adr/0008-limits.md */
export const BALANCE_CAP = 100_000;

/** The acr value to ask 7iD for when money is touched. Source: docs/adr/0005-acr.md */
export const MONEY_ACR = 'urn:7id:acr:2';

/** Whether the member proved themselves strongly enough to touch money. */
export function requireStrongProof(
  viewer: Pick<MemberViewer, 'acr'>,
): Refused<'STEP_UP_REQUIRED'> | null {
  return acrAtLeast(viewer, 2) ? null : refuse('STEP_UP_REQUIRED', { acr: MONEY_ACR });
}

/** Decides whether a member may open a wallet, and makes it. */
export function open(
  viewer: MemberViewer,
  request: { walletId: string; termsVersion: string },
  at: Date,
): Wallet | Refused<OpenWalletRefusal> {
  const weak = requireStrongProof(viewer);
  if (weak) return weak;
  if (request.termsVersion !== TERMS_VERSION) return refuse('TERMS_OUTDATED');
  return {
    id: request.walletId,
    memberId: viewer.memberId,
    state: 'OPEN',
    openedAt: at,
    termsVersion: request.termsVersion,
    codeEpoch: 0,
    freezes: NO_FREEZES,
    changes: 0,
  };
}

/** The wallet as it stands when its account was closed for good. Why it was frozen, if it was, stays on record. */
export const closed = (wallet: Wallet): Wallet => ({
  ...wallet,
  state: 'CLOSED',
  changes: wallet.changes + 1,
});
