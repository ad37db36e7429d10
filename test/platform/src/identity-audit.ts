import { createPublicKey } from 'node:crypto';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import 'reflect-metadata';
import {
  appointFirst,
  exportAudit,
  lostSince,
  type VerifiedAudit,
  verifyAudit,
  verifyAuditExport,
} from '@7pay/identity';
import { isSigned, publicKeysOf, sealKeyOf, signText } from '@7pay/ledger';
import { connect, joinDatabase } from '@7pay/mongo';
import type { Connection } from 'mongoose';
import { optionIn } from './command-line.ts';
import { readLedgerConfig } from './ledger/config.ts';
import { prepareDatabase } from './prepare.ts';
import { keepSecrets } from './secrets.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const config = readLedgerConfig(process.env);
const dataDir = path.resolve(config.DATA_DIR);
const keyOf = () => sealKeyOf(keepSecrets(dataDir).sealKey);

const USAGE = `npm run identity -- verify                            follows every chain of the record of 7iD
npm run identity -- verify --against <file> --key <file>  also that all of an earlier export is still there
npm run identity -- export <file>                     writes the record for an auditor, and our public key
npm run identity -- verify-export <file> --key <file> verifies it with nothing else; no database
npm run identity -- appoint <login ID>                makes a registered member one of the first two of security`;

const [command = '', ...words] = process.argv.slice(2);
const key = optionIn(words, '--key');
const against = optionIn(words, '--against');
const file = words[0]?.startsWith('--') ? undefined : words[0];

const commands: Readonly<Record<string, () => Promise<number>>> = {
  verify: () =>
    (against === undefined) === (key === undefined)
      ? onDatabase(async (connection) => {
          const found = await verifyAudit(connection);
          if (against === undefined || key === undefined) return told(found);
          const earlier = await readExport(against, key);
          const lost = await lostSince(connection, earlier.ends);
          return told({ ...found, faults: [...found.faults, ...earlier.faults, ...lost] });
        })
      : usage(),
  export: () => (file ? onDatabase((connection) => writeExport(connection, file)) : usage()),
  appoint: () => (file ? onDatabase((connection) => appoint(connection, file)) : usage()),
  'verify-export': async () => (file && key ? told(await readExport(file, key)) : usage()),
};

function told({ events, faults }: VerifiedAudit): number {
  for (const fault of faults) say(fault);
  say(`${events} events, ${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

const NOT_APPOINTED = {
  MEMBER_NOT_FOUND: 'nobody is registered with this login ID',
  HOLDS_IT: 'this member is of security already',
  SECURITY_IS_HELD: 'two people are of security; they decide about others in the console',
} as const;

async function appoint(connection: Connection, loginId: string): Promise<number> {
  const outcome = await appointFirst(connection, loginId);
  if ('appointed' in outcome) {
    say(`of security now: ${outcome.appointed}; log in to the console anew`);
    return 0;
  }
  say(NOT_APPOINTED[outcome.refused]);
  return 1;
}

async function writeExport(connection: Connection, to: string): Promise<number> {
  const own = keyOf();
  const sign = (text: string) => ({ keyId: own.keyId, signature: signText(text, own) });
  const lines = async function* () {
    for await (const line of exportAudit(connection, sign)) yield `${line}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(to, { mode: 0o600 }));
  const publicKey = key ?? `${to}.public-key.pem`;
  writeFileSync(publicKey, createPublicKey(own.privateKey).export({ format: 'pem', type: 'spki' }));
  say(`exported: ${to}; verify it with ${publicKey}`);
  return 0;
}

async function readExport(from: string, keyFile: string): Promise<VerifiedAudit> {
  const keys = publicKeysOf([createPublicKey(readFileSync(keyFile))]);
  const opened = await open(from);
  return verifyAuditExport(opened.readLines(), (text, { keyId, signature }) => {
    const known = keys.get(keyId);
    return known !== undefined && isSigned(text, signature, known);
  });
}

async function onDatabase(run: (connection: Connection) => Promise<number>): Promise<number> {
  const database = await joinDatabase({ uri: config.MONGODB_URI, dataDir, path: config.PATH });
  try {
    const connection = await connect(database.uri);
    try {
      await prepareDatabase(connection);
      return await run(connection);
    } finally {
      await connection.close();
    }
  } finally {
    await database.stop();
  }
}

async function usage(): Promise<number> {
  process.stderr.write(`${USAGE}\n`);
  return 2;
}

try {
  process.exitCode = await (commands[command] ?? usage)();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}
