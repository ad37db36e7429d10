/** The flags of the engine's process. */
export interface EngineOptions {
  readonly dataDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly auth: boolean;
  readonly testCommands: boolean;
  /** Seconds between two TTL sweeps. */
  readonly ttlSeconds: number;
  /** Seconds after which an open transaction is aborted (transactionLifetimeLimitSeconds). */
  readonly transactionSeconds: number;
}

/** The flags cannot be read. */
export class BadOptions extends Error {}

export const USAGE =
  'usage: embedded-mongo --data FOLDER [--port PORT] [--no-auth] [--test-commands] [--ttl-seconds N] [--transaction-seconds N]';

const VALUED = new Set(['--data', '--port', '--ttl-seconds', '--transaction-seconds']);

/** Reads the command line. @throws BadOptions */
export function readOptions(argv: readonly string[]): EngineOptions {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (let i = 0; i < argv.length; i++) {
    const name = argv[i] as string;
    if (name === '--no-auth' || name === '--test-commands') flags.add(name);
    else if (VALUED.has(name ?? '')) {
      const value = argv[++i];
      if (value === undefined) throw new BadOptions(`${name} needs a value. ${USAGE}`);
      values.set(name ?? '', value);
    } else throw new BadOptions(`unknown option ${name}. ${USAGE}`);
  }
  const dataDir = values.get('--data');
  if (!dataDir) throw new BadOptions(`--data is missing. ${USAGE}`);
  const whole = (name: string, fallback: number, most: number): number => {
    const n = Number(values.get(name) ?? fallback);
    if (!Number.isInteger(n) || n < 0 || n > most)
      throw new BadOptions(`${name} must be a whole number from 0 to ${most}`);
    return n;
  };
  return {
    dataDir,
    port: whole('--port', 0, 65535),
    ttlSeconds: Math.max(1, whole('--ttl-seconds', 60, 86_400)),
    transactionSeconds: Math.max(1, whole('--transaction-seconds', 60, 3_600)),
    auth: !flags.has('--no-auth'),
    testCommands: flags.has('--test-commands'),
  };
}
