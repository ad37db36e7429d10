import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as dial, createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import mongoose from 'mongoose';

/**
 * Plays a `mongod` as far as we start one: it understands the same flags, keeps the configuration of its replica set in
 * the data folder, and is its primary only while the configuration names the address it listens at; it ends on SIGTERM.
 * Behind it is the embedded engine. What it was started with lies in the data folder, for the test to read.
 */
const { values } = parseArgs({
  options: {
    replSet: { type: 'string' },
    bind_ip: { type: 'string' },
    port: { type: 'string' },
    setParameter: { type: 'string' },
    dbpath: { type: 'string' },
  },
});
const dataDir = values.dbpath ?? '';
writeFileSync(path.join(dataDir, 'started.json'), JSON.stringify({ ...values, pid: process.pid }));

const { BSON } = mongoose.mongo;
type Doc = Record<string, unknown>;
const OP_MSG = 2013;
const BODY_AT = 21; // a header, four bytes of flags, the kind of the section

interface SetConfig {
  readonly version: number;
  readonly members: readonly { readonly host: string }[];
}
const configFile = path.join(dataDir, 'config.json');
const stored = (): SetConfig | null =>
  existsSync(configFile) ? (JSON.parse(readFileSync(configFile, 'utf8')) as SetConfig) : null;
const store = (config: unknown): Doc => {
  writeFileSync(configFile, JSON.stringify(config));
  return { ok: 1 };
};
const isNamed = (): boolean => stored()?.members[0]?.host === `${values.bind_ip}:${values.port}`;

/** The answer to a command that the engine does not know, or null for what it may answer. */
function answerTo(command: Doc): Doc | null {
  const config = stored();
  if ('replSetInitiate' in command)
    return config
      ? { ok: 0, code: 23, codeName: 'AlreadyInitialized', errmsg: 'already initialized' }
      : store({ ...(command['replSetInitiate'] as Doc), version: 1 });
  if ('replSetGetConfig' in command) return { ok: 1, config };
  if ('replSetReconfig' in command) {
    const next = command['replSetReconfig'] as SetConfig;
    const agreed = isNamed() || command['force'] === true;
    return agreed && next.version > (config?.version ?? 0)
      ? store(next)
      : { ok: 0, code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary' };
  }
  if ('hello' in command && !isNamed()) return { ok: 1, isWritablePrimary: false, info: 'removed' };
  return null;
}

function framed(document: Doc, responseTo: number): Buffer {
  const body = BSON.serialize(document);
  const frame = Buffer.alloc(BODY_AT + body.length);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(responseTo, 8);
  frame.writeInt32LE(OP_MSG, 12);
  frame.set(body, BODY_AT);
  return frame;
}

const engine = await spawnEmbeddedMongo({ dataDir: path.join(dataDir, 'engine'), auth: false });
const behind = Number(new URL(engine.uri).port);
createServer((socket) => {
  const peer = dial(behind, '127.0.0.1');
  let waiting = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 16 && waiting.length >= waiting.readInt32LE(0)) {
      const message = waiting.subarray(0, waiting.readInt32LE(0));
      waiting = waiting.subarray(message.length);
      const plain = message.readInt32LE(12) === OP_MSG && message[BODY_AT - 1] === 0;
      const size = plain ? message.readInt32LE(BODY_AT) : 0;
      const answer = plain && answerTo(BSON.deserialize(message.subarray(BODY_AT, BODY_AT + size)));
      if (answer) socket.write(framed(answer, message.readInt32LE(4)));
      else peer.write(message);
    }
  });
  peer.pipe(socket);
  socket.on('end', () => peer.end()).on('error', () => peer.destroy());
  peer.on('error', () => socket.destroy());
}).listen(Number(values.port), values.bind_ip, () => {
  process.stdout.write('waiting for connections\n');
});

process.on('SIGTERM', () => void engine.stop().then(() => process.exit(0)));
