import { readEngine, readLogin, uriOf } from './folder.ts';

/**
 * The URI of the engine that serves a folder now, for another program of the same owner; null when none runs. It holds
 * the password.
 */
export function runningEngineUri(dataDir: string): string | null {
  const engine = readEngine(dataDir);
  if (!engine?.port) return null;
  try {
    process.kill(engine.pid, 0);
  } catch {
    return null;
  }
  return uriOf(engine.port, readLogin(dataDir));
}
