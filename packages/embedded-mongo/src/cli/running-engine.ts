import { readEngine, readLogin, type RunningEngine, uriOf } from './folder.ts';

/** The engine that serves a folder now; null when none does. */
export function runningEngine(dataDir: string): RunningEngine | null {
  const engine = readEngine(dataDir);
  if (!engine) return null;
  try {
    process.kill(engine.pid, 0);
    return engine;
  } catch (error) {
    // One of another owner is there, too: only "no such process" says that it is gone.
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? null : engine;
  }
}

/**
 * The URI of the engine that serves a folder now, for another program of the same owner; null when none runs. It holds
 * the password.
 */
export function runningEngineUri(dataDir: string): string | null {
  const port = runningEngine(dataDir)?.port;
  return port ? uriOf(port, readLogin(dataDir)) : null;
}
