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

/** What the command line asks for. */
export type Invocation =
  | { readonly task: 'serve'; readonly options: EngineOptions }
  | { readonly task: 'backup'; readonly dataDir: string; readonly to: string }
  | { readonly task: 'check' | 'compact'; readonly dataDir: string }
  | { readonly task: 'help' };

/** The command line cannot be read. */
export class BadOptions extends Error {}

export const USAGE = `usage:
  embedded-mongo --data FOLDER [--port PORT] [--no-auth] [--test-commands] [--ttl-seconds N] [--transaction-seconds N]
      serves the folder on 127.0.0.1 and prints one line, the URI
  embedded-mongo backup --data FOLDER --to FOLDER
      copies the data of a folder, also while an engine serves it
  embedded-mongo check --data FOLDER
      reads everything in a folder that nobody serves and says what is wrong
  embedded-mongo compact --data FOLDER
      gives the space of what was deleted back to the disk`;

const FLAGS = {
  serve: ['--data', '--port', '--ttl-seconds', '--transaction-seconds'],
  backup: ['--data', '--to'],
  check: ['--data'],
  compact: ['--data'],
} as const;

const SWITCHES: Readonly<Record<keyof typeof FLAGS, readonly string[]>> = {
  serve: ['--no-auth', '--test-commands'],
  backup: [],
  check: [],
  compact: [],
};

/** Reads the command line. @throws BadOptions */
export function readInvocation(argv: readonly string[]): Invocation {
  if (argv.includes('--help')) return { task: 'help' };
  const [first = ''] = argv;
  const named = first === 'backup' || first === 'check' || first === 'compact';
  const task = named ? first : 'serve';
  if (!named && first !== '' && !first.startsWith('-'))
    throw new BadOptions(`unknown task ${first}\n${USAGE}`);
  const given = readFlags(task, argv.slice(named ? 1 : 0));
  const dataDir = needed(given, '--data');
  if (task === 'backup') return { task, dataDir, to: needed(given, '--to') };
  if (task !== 'serve') return { task, dataDir };
  return {
    task,
    options: {
      dataDir,
      port: whole(given, '--port', { fallback: 0, least: 0, most: 65_535 }),
      ttlSeconds: whole(given, '--ttl-seconds', { fallback: 60, least: 1, most: 86_400 }),
      transactionSeconds: whole(given, '--transaction-seconds', {
        fallback: 60,
        least: 1,
        most: 3_600,
      }),
      auth: !given.has('--no-auth'),
      testCommands: given.has('--test-commands'),
    },
  };
}

function readFlags(task: keyof typeof FLAGS, argv: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (let i = 0; i < argv.length; i++) {
    const name = argv[i] as string;
    if (SWITCHES[task].includes(name)) given.set(name, '');
    else if ((FLAGS[task] as readonly string[]).includes(name)) {
      const value = argv[++i];
      if (value === undefined) throw new BadOptions(`${name} needs a value\n${USAGE}`);
      given.set(name, value);
    } else throw new BadOptions(`unknown option ${name}\n${USAGE}`);
  }
  return given;
}

function needed(given: ReadonlyMap<string, string>, name: string): string {
  const value = given.get(name);
  if (!value) throw new BadOptions(`${name} is missing\n${USAGE}`);
  return value;
}

function whole(
  given: ReadonlyMap<string, string>,
  name: string,
  range: { readonly fallback: number; readonly least: number; readonly most: number },
): number {
  const n = Number(given.get(name) ?? range.fallback);
  if (!Number.isInteger(n) || n < range.least || n > range.most)
    throw new BadOptions(`${name} must be a whole number from ${range.least} to ${range.most}`);
  return n;
}
