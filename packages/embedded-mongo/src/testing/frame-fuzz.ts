import { encode, type Plain } from '../values/encode.ts';
import type { Random } from './random.ts';
import { answer, frame, message, rawSocket } from './wire.ts';

const COMMANDS: readonly Plain[] = [
  { ping: 1, $db: 'admin' },
  { find: 'rows', filter: { a: { $gt: [1, { b: 2n }] } }, $db: 'fuzz' },
  { insert: 'rows', documents: [{ a: 1, b: 'text', c: [true, null] }], $db: 'fuzz' },
  { update: 'rows', updates: [{ q: {}, u: { $set: { 'a.b': 1 } } }], $db: 'fuzz' },
  { aggregate: 'rows', pipeline: [{ $group: { _id: '$a' } }], cursor: {}, $db: 'fuzz' },
  { hello: 1, client: { application: { name: 'x' } }, $db: 'admin' },
  { saslStart: 1, mechanism: 'SCRAM-SHA-256', $db: 'admin' },
  { getMore: 5n, collection: 'rows', $db: 'fuzz' },
];

/** What became of hostile frames. */
export interface FuzzCounts {
  answered: number;
  closed: number;
  silent: number;
}

/**
 * Sends broken messages, each on a connection of its own: bytes flipped, cut off, put in, lengths that
 * lie, operations that are none. Every one must be answered or end its connection; a message that
 * only promises more bytes is left alone.
 */
export async function fuzzFrames(
  port: number,
  input: { readonly count: number; readonly random: Random },
): Promise<FuzzCounts> {
  const counts: FuzzCounts = { answered: 0, closed: 0, silent: 0 };
  for (let n = 0; n < input.count; n++) {
    const socket = await rawSocket(port);
    socket.on('error', () => {});
    socket.write(broken(input.random));
    const result = await answer(socket, 30);
    if (result === 'closed') counts.closed += 1;
    else if (result === 'silent') counts.silent += 1;
    else counts.answered += 1;
    socket.destroy();
  }
  return counts;
}

function broken(random: Random): Buffer {
  const command = COMMANDS[random(COMMANDS.length)] as Plain;
  const good = random(6) === 0 ? legacy(command) : frame(message(command));
  switch (random(5)) {
    case 0:
      return flipped(good, 1 + random(8), random);
    case 1:
      return withLength(good.subarray(0, 16 + random(good.length - 16)), random);
    case 2: {
      const at = 16 + random(good.length - 16);
      const junk = Buffer.from(Array.from({ length: 1 + random(40) }, () => random(256)));
      return withLength(Buffer.concat([good.subarray(0, at), junk, good.subarray(at)]), random);
    }
    case 3: {
      const out = Buffer.from(good);
      out.writeInt32LE(random(2 ** 31), random(2) * 12); // the length or the operation
      return out;
    }
    default:
      return Buffer.from(Array.from({ length: 16 + random(200) }, () => random(256)));
  }
}

function flipped(good: Buffer, times: number, random: Random): Buffer {
  const out = Buffer.from(good);
  for (let i = 0; i < times; i++) out[16 + random(out.length - 16)] = random(256);
  return out;
}

// Mostly the true length, so that the frame is read and not only waited for.
function withLength(bytes: Buffer, random: Random): Buffer {
  const out = Buffer.from(bytes);
  if (random(4) > 0) out.writeInt32LE(out.length, 0);
  return out;
}

function legacy(command: Plain): Buffer {
  const body = Buffer.concat([
    Buffer.alloc(4),
    Buffer.from('admin.$cmd\0'),
    Buffer.alloc(8),
    encode(command),
  ]);
  return frame(body, 2004);
}
