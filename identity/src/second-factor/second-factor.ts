import { declareRefusals } from '@7pay/refusals';

export type SecondFactorRefusal =
  | 'SECOND_FACTOR_FAILED'
  | 'SECOND_FACTOR_MISSING'
  | 'SECOND_FACTOR_NOT_BEGUN';

declareRefusals('identity/second-factor/second-factor', {
  // One sentence for a wrong code, a used one and too many tries: it tells nobody which.
  SECOND_FACTOR_FAILED: {
    ja: 'コードを確認できませんでした。新しいコードでもう一度お試しください。続けて間違えると30分間使えなくなります。',
    en: 'We could not confirm this code. Please try again with a new one. After repeated mistakes you have to wait 30 minutes.',
  },
  SECOND_FACTOR_MISSING: {
    ja: '認証アプリは登録されていません。',
    en: 'No authenticator app is registered.',
  },
  SECOND_FACTOR_NOT_BEGUN: {
    ja: '認証アプリの登録が途中で変わりました。もう一度はじめからお試しください。',
    en: 'The registration of the app was started again meanwhile. Please start over.',
  },
});

/** Seals secrets that 7iD must be able to read again, each for one purpose. */
export interface Vault {
  seal(text: string, purpose: string): string;
  /** @throws Error when nothing here opens it */
  open(sealed: string, purpose: string): string;
}
