import type { Locale } from '@7pay/refusals';
import type { RedirectDifference, RedirectMismatch } from '../client/redirect-mismatch.ts';

const WORDS: Readonly<Record<RedirectDifference, Readonly<Record<Locale, string>>>> = {
  UNREADABLE: { ja: 'アドレスとして読めません', en: 'it cannot be read as an address' },
  SCHEME: { ja: 'スキーム（http / https）', en: 'the scheme (http or https)' },
  HOST: { ja: 'ホスト名', en: 'the host' },
  PORT: { ja: 'ポート番号', en: 'the port' },
  PATH: { ja: 'パス', en: 'the path' },
  TRAILING_SLASH: { ja: '末尾のスラッシュ', en: 'the slash at the end' },
  QUERY: { ja: 'クエリー（?以降）', en: 'the query (behind ?)' },
  FRAGMENT: { ja: 'フラグメント（#以降）', en: 'the fragment (behind #)' },
  SPELLING: {
    ja: '書き方（大文字小文字、既定のポートなど）',
    en: 'the way it is written (letter case, a default port)',
  },
};

/**
 * What differs between the asked and the registered redirect URI, for those who build the app. The registered one is
 * shown on one's own machine alone: elsewhere everybody who can open a link would read it.
 */
export function RedirectMismatchPart(props: {
  locale: Locale;
  mismatch: RedirectMismatch;
  showsRegistered: boolean;
}) {
  const { locale, mismatch, showsRegistered } = props;
  const { asked, nearest, differences } = mismatch;
  const ja = locale === 'ja';
  const comma = ja ? '、' : ', ';
  return (
    <dl>
      <dt>{ja ? '求められた戻り先' : 'Asked for'}</dt>
      <dd>
        <code>{asked}</code>
      </dd>
      <dt>{ja ? '違うところ' : 'What differs'}</dt>
      <dd>{differences.map((each) => WORDS[each][locale]).join(comma)}</dd>
      {showsRegistered && nearest !== undefined && (
        <>
          <dt>{ja ? '登録された戻り先' : 'Registered'}</dt>
          <dd>
            <code>{nearest}</code>
          </dd>
        </>
      )}
    </dl>
  );
}
