import {
  ControlsStale,
  FunctionClosed,
  PointsScalar,
  refusalClass,
  YenScalar,
} from '@7pay/graphql';
import { LimitExceeded } from '../payment/payment-refusals.graphql.ts';
import { BalanceCapExceeded, WalletFrozen } from '../wallet/wallet.graphql.ts';

const TopUpStepWrong = refusalClass(
  'TOP_UP_STEP_WRONG',
  'The amount is not a multiple of the step.',
  { step: { type: YenScalar, description: 'The step, yen.' } },
);
const TopUpLimitExceeded = refusalClass('TOP_UP_LIMIT_EXCEEDED', 'The amount is above the limit.', {
  limit: { type: YenScalar, description: 'The most one top-up may be, yen.' },
});
const TopUpsWaiting = refusalClass(
  'TOP_UPS_WAITING',
  'Too many top-ups of the wallet are not decided yet.',
);
export const TopUpIdReused = refusalClass(
  'TOP_UP_ID_REUSED',
  'The number was used with other contents.',
);
export const TopUpDeclined = refusalClass(
  'TOP_UP_DECLINED',
  'The party that should have taken the money says that it took none.',
);
export const InsufficientPoints = refusalClass(
  'INSUFFICIENT_POINTS',
  'The points account holds less.',
  { short: { type: PointsScalar, description: 'How many points are missing.' } },
);
export const PointsOwed = refusalClass(
  'POINTS_OWED',
  'Points of payments that were given back had been used already; new points settle them first.',
  { owed: { type: PointsScalar, description: 'How many points are owed.' } },
);

/** What every source may be refused for. */
export const topUpRefusals = [
  FunctionClosed,
  ControlsStale,
  TopUpStepWrong,
  TopUpLimitExceeded,
  LimitExceeded,
  BalanceCapExceeded,
  TopUpsWaiting,
  WalletFrozen,
  TopUpIdReused,
] as const;
