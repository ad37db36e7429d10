import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import type { Audit } from '../audit/audit.store.ts';
import type { KeySource, ListedKey } from './key-source.ts';

export type KeyRefusal = 'KEYS_KEPT_ELSEWHERE' | 'UNKNOWN_SIGNING_KEY';

declareRefusals('identity/keys/administer-keys', {
  KEYS_KEPT_ELSEWHERE: {
    ja: '署名鍵は設定やフォルダーで管理されています。そちらで入れ替えてください。',
    en: 'The signing keys are kept in the settings or in a folder. Please change them there.',
  },
  UNKNOWN_SIGNING_KEY: { ja: 'この署名鍵はありません。', en: 'There is no such signing key.' },
});

/** What operators do with the keys that sign tokens. Who did it and why is recorded before it is done. */
export interface KeyAdministration {
  list(): Promise<ListedKey[]>;
  /** A new key, published at once, signing after ten minutes. */
  rotate(order: {
    by: string;
    note: string;
  }): Promise<{ keys: ListedKey[] } | Refused<'KEYS_KEPT_ELSEWHERE'>>;
  /** Throws a key away at once, with every token that it signed. */
  replace(order: {
    kid: string;
    by: string;
    note: string;
  }): Promise<{ keys: ListedKey[] } | Refused<KeyRefusal>>;
}

export function administerKeys(deps: {
  source: KeySource;
  audit: Audit;
  /** Has this process look for other keys now; the others do within half a second. */
  follow: () => Promise<void>;
}): KeyAdministration {
  const { source, audit, follow } = deps;
  const done = async (actor: string, reason: string, kid: string) => {
    await follow();
    await audit.append('KEY_CHANGED', { actor, reason, about: kid });
    return { keys: await source.list() };
  };
  return {
    list: () => source.list(),
    rotate: async ({ by: actor, note }) => {
      if (!source.rotate) return refuse('KEYS_KEPT_ELSEWHERE');
      await audit.append('KEY_CHANGED', { actor, reason: 'ROTATION_ORDERED', note });
      const { kid } = await source.rotate();
      return done(actor, 'ROTATED', kid);
    },
    replace: async ({ kid, by: actor, note }) => {
      if (!source.compromised) return refuse('KEYS_KEPT_ELSEWHERE');
      const known = (await source.list()).some((one) => one.kid === kid);
      if (!known) return refuse('UNKNOWN_SIGNING_KEY');
      await audit.append('KEY_CHANGED', { actor, reason: 'REPLACEMENT_ORDERED', about: kid, note });
      const made = await source.compromised(kid);
      if (made === 'UNKNOWN_KEY') return refuse('UNKNOWN_SIGNING_KEY');
      return done(actor, 'REPLACED', kid);
    },
  };
}
