import { t, type Word } from '../words.ts';

const words = {
  registration: 'stopsRegistration',
  'login.password': 'stopsLoginPassword',
  recovery: 'stopsRecovery',
  'login.external': 'stopsLoginExternal',
  'wallet.opening': 'stopsWalletOpening',
  'top-up.register': 'stopsTopUpRegister',
  'top-up.atm': 'stopsTopUpAtm',
  'top-up.credit': 'stopsTopUpCredit',
  'top-up.debit': 'stopsTopUpDebit',
  'top-up.points': 'stopsTopUpPoints',
  payment: 'stopsPayment',
  'points.award': 'stopsPointsAward',
  'merchant.onboarding': 'stopsOnboarding',
  'refund.claim': 'stopsRefundClaim',
} as const;
const families: readonly (readonly [prefix: string, word: Word])[] = [
  ['login.external.', 'stopsLoginProvider'],
  ['payment.store.', 'stopsPaymentStore'],
];

/** What closing a switch stops, and what goes on, in a sentence. */
export function whatStops(key: string): string {
  if (Object.hasOwn(words, key)) return t(words[key as keyof typeof words]);
  return t(families.find(([prefix]) => key.startsWith(prefix))?.[1] ?? 'stopsOther');
}
