/** One function that operators can stop. A key that ends in `.` describes a family: `payment.store.<id>`. */
export interface SwitchDescription {
  readonly key: string;
  readonly name: { readonly ja: string; readonly en: string };
}

/**
 * The register of switches: every function that can be stopped by itself. A test compares it with the
 * places in the source that enforce it, so a switch without effect, or an effect without a switch, is red.
 */
export const switchRegister: readonly SwitchDescription[] = [
  { key: 'registration', name: { ja: '会員登録', en: 'Registration' } },
  { key: 'login.password', name: { ja: 'パスワードでのログイン', en: 'Login by password' } },
  { key: 'login.external', name: { ja: '外部IDでのログイン', en: 'Login by external ID' } },
  {
    key: 'login.external.',
    name: { ja: '外部IDでのログイン（提供者ごと）', en: 'Login by one external ID' },
  },
  {
    key: 'recovery',
    name: { ja: 'パスワードを忘れた方の再設定', en: 'Reset of a forgotten password' },
  },
  { key: 'wallet.opening', name: { ja: '7payの利用開始', en: 'Opening a wallet' } },
  { key: 'top-up.register', name: { ja: 'レジでの現金チャージ', en: 'Cash top-up at registers' } },
  { key: 'top-up.atm', name: { ja: 'ATMでの現金チャージ', en: 'Cash top-up at ATMs' } },
  {
    key: 'top-up.credit',
    name: { ja: 'クレジットカードでのチャージ', en: 'Top-up by credit card' },
  },
  { key: 'top-up.debit', name: { ja: 'デビットカードでのチャージ', en: 'Top-up by debit card' } },
  { key: 'top-up.points', name: { ja: 'nanacoポイントでのチャージ', en: 'Top-up by points' } },
  { key: 'payment', name: { ja: '支払い', en: 'Payment' } },
  {
    key: 'payment.mpm',
    name: { ja: '店舗のQRでの支払い（MPM）', en: 'Payment by a store’s QR code (MPM)' },
  },
  {
    key: 'payment.agreed',
    name: { ja: '提携アプリからの支払い', en: 'Payments by partner apps' },
  },
  { key: 'payment.store.', name: { ja: '支払い（店舗ごと）', en: 'Payment at one store' } },
  { key: 'payout', name: { ja: '加盟店への振込', en: 'Payouts to merchants' } },
  { key: 'points.award', name: { ja: 'ポイントの付与', en: 'Awarding points' } },
  { key: 'merchant.onboarding', name: { ja: '加盟店の申込受付', en: 'Merchant onboarding' } },
  { key: 'refund.claim', name: { ja: '払戻しの申出', en: 'Balance refund claims' } },
];

const byKey = new Map(switchRegister.map((entry) => [entry.key, entry]));

/** The description of a switch, of its family for a member of one, or nothing for a key that does not exist. */
export function switchDescription(key: string): SwitchDescription | undefined {
  const exact = byKey.get(key);
  if (exact) return key.endsWith('.') ? undefined : exact;
  const family = byKey.get(key.slice(0, key.lastIndexOf('.') + 1));
  const member = key.slice((family?.key ?? '').length);
  return family && /^\w{1,64}$/.test(member) ? family : undefined;
}

/** Whether operators can flip a switch of this key. */
export const isSwitchKey = (key: string): boolean => switchDescription(key) !== undefined;

/** The keys that always exist, families left out. */
export const allKeys: readonly string[] = switchRegister
  .map(({ key }) => key)
  .filter((key) => !key.endsWith('.'));
