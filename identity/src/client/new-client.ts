import { randomBytes } from 'node:crypto';
import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { type StoredClient, toClient } from './client.ts';
import { clientSetting } from './client-setting.ts';
import type { ClientState } from './client-standing.ts';
import { brokenProfile } from './security-profile.ts';

declareRefusals('identity/client/new-client', {
  CLIENT_NAME_INVALID: {
    ja: 'アプリの名前は日本語と英語のそれぞれで1文字以上{max}文字以内で入力してください。',
    en: 'Please name the app in Japanese and in English, 1 to {max} characters each.',
  },
  REDIRECT_URI_INVALID: {
    ja: '戻り先「{uri}」は登録できません。{whyJa}',
    en: 'The redirect URI “{uri}” cannot be registered: {whyEn}',
  },
  CLIENT_KEYS_INVALID: {
    ja: '公開鍵（JWK Set）を読めません。署名用の公開鍵を1〜5個、秘密の部分を除いて貼り付けてください。',
    en: 'The public keys (JWK Set) cannot be read. Please paste 1 to 5 public keys for signatures, without their private parts.',
  },
});

export type NewClientRefusal =
  | 'CLIENT_NAME_INVALID'
  | 'REDIRECT_URI_INVALID'
  | 'CLIENT_KEYS_INVALID';

/** What somebody asks for who registers an app. */
export interface NewClient {
  readonly name: { readonly ja: string; readonly en: string };
  readonly redirectUris: readonly string[];
  /** `CODE`: code with PKCE and a secret. `FAPI2`: the FAPI 2.0 Security Profile, by its own key. */
  readonly kind: 'CODE' | 'FAPI2';
  /** A JWK Set as text, for `FAPI2`. */
  readonly jwks: string | null;
}

const NAME_MAX = 60;
export const URIS_MAX = 10;
const URI_LENGTH_MAX = 300;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address leads to the machine that the browser runs on. */
export const isLoopback = (uri: string): boolean =>
  URL.canParse(uri) && LOOPBACK.has(new URL(uri).hostname);

const WHY = {
  LIST: {
    ja: `1件以上${URIS_MAX}件以内にしてください。`,
    en: `please give 1 to ${URIS_MAX} of them.`,
  },
  LONG: {
    ja: `${URI_LENGTH_MAX}文字以内にしてください。`,
    en: `at most ${URI_LENGTH_MAX} characters.`,
  },
  UNREADABLE: {
    ja: '「https://」で始まる完全なアドレスにしてください。',
    en: 'please give a whole address that begins with “https://”.',
  },
  WILDCARD: {
    ja: '「*」は使えません。アドレスは1文字ずつ比べます（RFC 9700 §2.1）。',
    en: 'there are no wildcards; addresses are compared character by character (RFC 9700 §2.1).',
  },
  FRAGMENT: {
    ja: '「#」以降を除いてください（RFC 6749 §3.1.2）。',
    en: 'please leave out what begins with “#” (RFC 6749 §3.1.2).',
  },
  SCHEME: {
    ja: '「https」にしてください。「http」は自分のパソコン（localhost）だけで使えます。',
    en: 'please use https; http is for your own machine (localhost) alone.',
  },
  USER: {
    ja: 'ユーザー名やパスワードを除いてください。',
    en: 'please leave out the user name and the password.',
  },
  SPELLING: {
    ja: 'ブラウザーが使う書き方「{spelled}」にしてください。',
    en: 'please write it as browsers do: “{spelled}”.',
  },
  HOSTS: {
    ja: '自分のパソコン用と公開用は、それぞれ1つのホスト（ポートまで同じ）にまとめてください（OpenID Connect Core §8.1）。',
    en: 'please keep those of your own machine on one host, and the public ones on one host, port included (OpenID Connect Core §8.1).',
  },
  TWICE: { ja: '同じものが2回あります。', en: 'it is there twice.' },
} as const;

/** What is wrong with a list of redirect URIs, at the first that is; undefined when nothing is. */
export function judgeRedirects(
  uris: readonly string[],
): Refused<'REDIRECT_URI_INVALID'> | undefined {
  const [first = ''] = uris;
  if (uris.length < 1 || uris.length > URIS_MAX) return wrong(first, 'LIST');
  for (const [index, uri] of uris.entries()) {
    if (uri.length > URI_LENGTH_MAX) return wrong(uri, 'LONG');
    if (uri.includes('*')) return wrong(uri, 'WILDCARD');
    if (!URL.canParse(uri)) return wrong(uri, 'UNREADABLE');
    const { protocol, username, password, href } = new URL(uri);
    if (protocol !== 'https:' && protocol !== 'http:') return wrong(uri, 'UNREADABLE');
    if (uri.includes('#')) return wrong(uri, 'FRAGMENT');
    if (username !== '' || password !== '') return wrong(uri, 'USER');
    if (protocol === 'http:' && !isLoopback(uri)) return wrong(uri, 'SCHEME');
    if (href !== uri) return wrong(uri, 'SPELLING', href);
    if (uris.indexOf(uri) !== index) return wrong(uri, 'TWICE');
    const before = uris.slice(0, index).filter((one) => isLoopback(one) === isLoopback(uri));
    if (before.some((one) => new URL(one).host !== new URL(uri).host)) return wrong(uri, 'HOSTS');
  }
  return undefined;
}

/**
 * The redirect URIs of a person's app that work in a state. A pairwise `sub` follows from one host, so those of one's
 * own machine and the public ones never work together: first the ones, then the others.
 */
export function workingRedirects(state: ClientState, uris: readonly string[]): string[] {
  const isPublic = (uri: string) => !isLoopback(uri);
  if (state === 'SUSPENDED') return [];
  if (state === 'TEST' || !uris.some(isPublic)) return uris.filter(isLoopback);
  return uris.filter(isPublic);
}

function wrong(uri: string, why: keyof typeof WHY, spelled = ''): Refused<'REDIRECT_URI_INVALID'> {
  const { ja, en } = WHY[why];
  return refuse('REDIRECT_URI_INVALID', {
    uri: uri.slice(0, URI_LENGTH_MAX),
    problem: why,
    whyJa: ja.replace('{spelled}', spelled),
    whyEn: en.replace('{spelled}', spelled),
  });
}

/** A secret of a client: 256 random bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Makes the client of a person who registers one, with an id and a secret that are new. A pairwise `sub`, the name of the member
 * and nothing else; what more it may ask, operators decide.
 */
export function newClient(
  asked: NewClient,
): { client: StoredClient; secret: string | null } | Refused<NewClientRefusal> {
  const name = { ja: asked.name.ja.trim(), en: asked.name.en.trim() };
  if (Object.values(name).some((each) => each.length < 1 || each.length > NAME_MAX)) {
    return refuse('CLIENT_NAME_INVALID', { max: NAME_MAX });
  }
  const problem = judgeRedirects(asked.redirectUris);
  if (problem) return problem;
  const secret = asked.kind === 'CODE' ? newSecret() : null;
  const setting = clientSetting.safeParse({
    kind: 'partner-app',
    clientId: `app-${randomBytes(12).toString('base64url')}`,
    name,
    redirectUris: asked.redirectUris,
    ...(secret === null
      ? {
          profile: 'fapi2',
          authentication: { method: 'private_key_jwt', jwks: parsed(asked.jwks ?? '') },
        }
      : { clientSecret: secret }),
  });
  if (!setting.success) return refuse('CLIENT_KEYS_INVALID');
  const client = toClient(setting.data);
  if (asked.kind === 'FAPI2' && brokenProfile(client)) return refuse('CLIENT_KEYS_INVALID');
  return { client, secret };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.slice(0, 20_000));
  } catch {
    return undefined;
  }
}
