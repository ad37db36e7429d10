import { locale } from '@7pay/ui';
import type { Switch } from '../operations.ts';

/** The name of a switch in the language on screen; members of a family carry their key. */
export function nameOf({ key, nameJa, nameEn }: Switch): string {
  const name = locale.value === 'ja' ? nameJa : nameEn;
  return /^(login\.external|payment\.store)\./.test(key) ? `${name}: ${key}` : name;
}
