import { readEngine, readLogin, type RunningEngine, uriOf } from './folder.ts';

/** The engine that serves a folder now, be it of another owner; null when none does. */
export function runningEngine(dataDir: string): RunningEngine | null {
  const engine = readEngine(dataDir);
  return engine && whose(engine.pid) !== 'NOBODY' ? engine : null;
}

/**
 * The URI of the engine that serves a folder now, for another program of the same owner; null when none runs. It holds
 * the password.
 */
export function runningEngineUri(dataDir: string): string | null {
  const engine = readEngine(dataDir);
  // A process of another owner is none whose password we could read, and most likely none of ours that got its number.
  if (!engine?.port || whose(engine.pid) !== 'OURS') return null;
  return uriOf(engine.port, readLogin(dataDir));
}

function whose(pid: number): 'OURS' | 'OTHERS' | 'NOBODY' {
  try {
    process.kill(pid, 0);
    return 'OURS';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'NOBODY' : 'OTHERS';
  }
}
