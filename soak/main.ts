import 'reflect-metadata';
import { soakEmbeddedMongo } from './embedded-mongo.ts';
import { GATEWAY_PARTS, soakGateway } from './gateway.ts';
import { soakLedger } from './ledger.ts';

/** How long and by which chance a soak runs. */
export interface SoakOptions {
  readonly rounds: number;
  readonly seed: number;
  /** The one part to run, of a soak that has parts. */
  readonly part?: string | undefined;
  readonly say: (line: string) => void;
}

/** What a soak did; a finding is a sentence about something wrong. */
export interface SoakResult {
  readonly cases: number;
  readonly findings: readonly string[];
}

interface Soak {
  readonly run: (options: SoakOptions) => Promise<SoakResult>;
  /** Rounds when the command line names none. */
  readonly rounds: number;
  readonly parts?: readonly string[];
}

const soaks: Readonly<Record<string, Soak>> = {
  'embedded-mongo': { run: soakEmbeddedMongo, rounds: 100 },
  gateway: { run: soakGateway, rounds: 100_000, parts: GATEWAY_PARTS },
  ledger: { run: soakLedger, rounds: 100 },
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const numberAfter = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(name);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) {
    say(`${name} needs a whole number of at least 1`);
    process.exit(2);
  }
  return value;
};

const name = process.argv[2] ?? '';
const soak = Object.hasOwn(soaks, name) ? soaks[name] : undefined;
if (!soak) {
  say(`npm run soak -- ${Object.keys(soaks).join(' | ')} [--rounds N] [--seed N] [--part NAME]`);
  process.exit(2);
}
const partAt = process.argv.indexOf('--part');
const part = partAt < 0 ? undefined : (process.argv[partAt + 1] ?? '');
if (part !== undefined && !soak.parts?.includes(part)) {
  say(`${name} has ${soak.parts ? `the parts ${soak.parts.join(', ')}` : 'no parts'}`);
  process.exit(2);
}
const options = {
  say,
  part,
  rounds: numberAfter('--rounds', soak.rounds),
  seed: numberAfter('--seed', (Date.now() % 1e9) + 1),
};
say(`${name}: ${options.rounds} rounds, seed ${options.seed}`);
const { cases, findings } = await soak.run(options);
for (const finding of findings) say(finding);
say(`${name}: ${cases} rounds, ${findings.length} findings`);
process.exit(findings.length === 0 ? 0 : 1);
