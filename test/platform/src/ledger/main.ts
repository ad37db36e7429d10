import { createPublicKey } from 'node:crypto';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import 'reflect-metadata';
import {
  explain,
  exportJournal,
  publicKeysOf,
  sealEntries,
  sealKeyOf,
  sealRemaining,
  sealsLostSince,
  trialBalance,
  verifyBooks,
  type VerifiedExport,
  verifyExport,
} from '@7pay/ledger';
import {
  importResultFile,
  ownTopUps,
  PARTIES,
  verifySettlements,
  type Party,
  reconciliationStore,
} from '@7pay/wallet';
import { connect, joinDatabase } from '@7pay/mongo';
import { systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { optionIn } from '../command-line.ts';
import { prepareDatabase } from '../prepare.ts';
import { keepSecrets } from '../secrets.ts';
import { closeAllWallets } from './close.ts';
import { readLedgerConfig } from './config.ts';
import { importResults, releasePayouts, settle, writePayouts } from './settlement.ts';
import { shard, shardServer } from './sharding.ts';
import { booksInWords, explainedInWords, trialBalanceInWords } from './words.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const config = readLedgerConfig(process.env);
const dataDir = path.resolve(config.DATA_DIR);
const keyOf = () => sealKeyOf(keepSecrets(dataDir).sealKey);

const USAGE = `npm run ledger -- verify                  makes the books again from the journal and compares
npm run ledger -- verify --against <file> --key <file>  also that all of an earlier export is still there
npm run ledger -- trial-balance           all balances by kind of account
npm run ledger -- explain <id>            the story of an entry, a payment, a top-up: back and forward
npm run ledger -- seal                    seals what is not sealed yet
npm run ledger -- import <party> <file>   compares a result file of REGISTER, ATM, CARD, NANACO or BANK with the journal
npm run ledger -- settle                  batches what is sealed and closes the days that are over
npm run ledger -- payouts <folder>        writes the files of payouts that were approved
npm run ledger -- payouts <folder> --again <number>  writes one again that is gone from the folder: ask the bank before
npm run ledger -- payouts --not-taken <number>  has one prepared again whose day went by and of which the bank had nothing
npm run ledger -- close-wallets <programme>  makes all balances payable and closes the wallets; payments are stopped before
npm run ledger -- shard [--apply]         what divides the collections among shards; does it on a router (mongos)
npm run ledger -- export <file> [--key <file>]          writes the sealed journal for an auditor, and our public key
npm run ledger -- verify-export <file> --key <file>     verifies it with nothing else; no database`;

const [command = '', ...words] = process.argv.slice(2);
const OPTIONS = ['--key', '--against', '--again', '--not-taken'];
const keyFile = optionIn(words, '--key');
const against = optionIn(words, '--against');
const again = optionIn(words, '--again');
const notTaken = optionIn(words, '--not-taken');
const [subject, second] = words.filter(
  (word, index) => !OPTIONS.includes(word) && !OPTIONS.includes(words[index - 1] ?? ''),
);

const commands: Readonly<Record<string, () => Promise<number>>> = {
  verify: () =>
    words.includes('--against') && !(against && keyFile) ? usage() : onDatabase(verify),
  'trial-balance': () =>
    onDatabase(async (connection) => {
      say(trialBalanceInWords(await trialBalance(connection)));
      return 0;
    }),
  explain: () =>
    onDatabase(async (connection) => {
      const found = await explain(connection, subject ?? '');
      say(found.map(explainedInWords).join('\n\n') || `nothing was booked under ${subject ?? ''}`);
      return found.length > 0 ? 0 : 1;
    }),
  seal: () =>
    onDatabase(async (connection) => {
      const count = await sealRemaining(connection, sealEntries(connection, keyOf(), systemClock));
      say(`${count} entries sealed`);
      return 0;
    }),
  import: () =>
    isParty(subject) && second
      ? onDatabase((connection) => importFile(connection, subject, second))
      : usage(),
  settle: () => onDatabase((connection) => settle(connection, say)),
  payouts: () =>
    notTaken !== undefined && !subject
      ? onDatabase((connection) => releasePayouts(connection, notTaken, say))
      : writeFiles(),
  'close-wallets': () =>
    subject ? onDatabase((connection) => closeAllWallets(connection, subject, say)) : usage(),
  shard: () =>
    onDatabase((connection) =>
      shard(shardServer(connection), { apply: subject === '--apply' }, say),
    ),
  export: () => (subject ? onDatabase((connection) => writeExport(connection, subject)) : usage()),
  'verify-export': async () => {
    if (!subject || !keyFile) return usage();
    const verified = await readExport(subject, keyFile);
    say(booksInWords(verified));
    return verified.faults.length === 0 ? 0 : 1;
  },
};

const isParty = (word: string | undefined): word is Party =>
  PARTIES.some((party) => party === word);

async function verify(connection: Connection): Promise<number> {
  const sealKeys = publicKeysOf([keyOf().privateKey]);
  const books = await verifyBooks(connection, { sealKeys });
  const faults = [...books.faults, ...(await verifySettlements(connection))];
  if (against && keyFile) {
    const earlier = await readExport(against, keyFile);
    faults.push(...earlier.faults, ...(await sealsLostSince(connection, earlier)));
  }
  say(booksInWords({ entries: books.entries, faults }));
  return faults.length === 0 ? 0 : 1;
}

async function importFile(connection: Connection, party: Party, file: string): Promise<number> {
  if (party === 'BANK') return importResults(connection, file, say);
  const store = reconciliationStore(connection, null);
  const compare = importResultFile(store, ownTopUps(connection), systemClock);
  const name = path.basename(file);
  const { counts } = await compare({ party, name, bytes: readFileSync(file) });
  for (const [what, count] of Object.entries(counts)) say(`${what}: ${count}`);
  return Object.keys(counts).every((what) => what === 'MATCHED') ? 0 : 1;
}

async function writeExport(connection: Connection, file: string): Promise<number> {
  const key = keyOf();
  await sealRemaining(connection, sealEntries(connection, key, systemClock));
  const lines = async function* () {
    for await (const line of exportJournal(connection, key)) yield `${line}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file, { mode: 0o600 }));
  const publicKey = keyFile ?? `${file}.public-key.pem`;
  writeFileSync(publicKey, createPublicKey(key.privateKey).export({ format: 'pem', type: 'spki' }));
  say(`exported: ${file}; verify it with ${publicKey}`);
  return 0;
}

async function readExport(file: string, key: string): Promise<VerifiedExport> {
  const opened = await open(file);
  const keys = publicKeysOf([createPublicKey(readFileSync(key))]);
  return verifyExport(opened.readLines(), keys);
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

function writeFiles(): Promise<number> {
  if (
    !subject ||
    words.includes('--not-taken') ||
    words.includes('--again') !== (again !== undefined)
  )
    return usage();
  const folder = subject;
  return onDatabase((connection) =>
    writePayouts(connection, { folder, sender: config.PAYOUT_SENDER, again }, say),
  );
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
