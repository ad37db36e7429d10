import type { Log } from '@7pay/telemetry';
import type { SigningKey } from '../settings.ts';
import type { KeySource } from './key-source.ts';
import { ringName } from './signing-key.ts';

/** A compromised key is out of every process after this long at most. */
const LOOK_EVERY_MS = 500;

/**
 * Looks for other keys and has them taken over when there are. What it cannot read leaves everything as it is: a
 * provider without keys would help nobody.
 */
export function followKeys(
  source: KeySource,
  first: readonly SigningKey[],
  deps: { swap: (keys: SigningKey[]) => void; log: Log },
) {
  let name = ringName(first);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let looking = Promise.resolve();

  const look = async (): Promise<void> => {
    try {
      const keys = await source.read();
      if (keys.length === 0 || ringName(keys) === name) return;
      deps.swap(keys);
      name = ringName(keys);
      deps.log.info('keys.swapped', { signing: keys[0]?.kid, published: keys.length });
    } catch (cause) {
      deps.log.error('keys.unreadable', { cause });
    }
  };
  const again = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look().finally(again);
    }, LOOK_EVERY_MS).unref();
  };
  again();
  return {
    look,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
