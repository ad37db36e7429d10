import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';
import { fuzzFrames } from '../testing/frame-fuzz.ts';
import { randomFrom } from '../testing/random.ts';
import { answer, frame, message, rawSocket } from '../testing/wire.ts';
import { decode } from '../values/decode.ts';
import type { Plain } from '../values/encode.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.start();
});
afterAll(() => engine.stop());

const codeOf = (reply: Buffer): unknown => decode(reply.subarray(21)).get('code');

async function send(bytes: Buffer, waitMs?: number): Promise<Buffer | 'closed' | 'silent'> {
  const socket = await rawSocket(engine.port);
  socket.write(bytes);
  const result = await answer(socket, waitMs);
  socket.destroy();
  return result;
}

async function stillAnswers(): Promise<void> {
  const reply = await send(frame(message({ ping: 1, $db: 'admin' })));
  expect(reply).toBeInstanceOf(Buffer);
  expect(decode((reply as Buffer).subarray(21)).get('ok')).toBe(1);
}

test.each<[string, Buffer]>([
  ['a length below the header', frame(Buffer.alloc(0), 2013, 5)],
  ['a negative length', frame(Buffer.alloc(0), 2013, -1)],
  ['a length above the limit', frame(Buffer.alloc(0), 2013, 48_000_001)],
  ['an unknown operation', frame(Buffer.alloc(10), 4711)],
])('closes the connection on %s and goes on serving', async (_, bytes) => {
  expect(await send(bytes)).toBe('closed');
  await stillAnswers();
});

const good = message({ ping: 1, $db: 'admin' });
const cut = (by: number): Buffer => frame(good.subarray(0, good.length - by));
const deep = (levels: number): Buffer => {
  let body = Buffer.from([5, 0, 0, 0, 0]);
  for (let i = 0; i < levels; i++) {
    const head = Buffer.alloc(7);
    head.writeInt32LE(body.length + 8, 0);
    head[4] = 3;
    head[5] = 97;
    body = Buffer.concat([head, body, Buffer.from([0])]);
  }
  return Buffer.concat([Buffer.alloc(5), body]);
};

test.each<[string, Buffer, number]>([
  ['a document that ends early', cut(3), 22],
  ['no sections', frame(Buffer.alloc(4)), 22],
  [
    'an unknown section kind',
    frame(Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), good.subarray(5)])),
    22,
  ],
  ['two bodies', frame(Buffer.concat([good, good.subarray(4)])), 22],
  ['unknown required flags', frame(message({ ping: 1, $db: 'admin' }, 0x10)), 9],
  ['a nesting bomb', frame(deep(20_000)), 15],
  ['no database', frame(message({ ping: 1 })), 40414],
  ['an unknown command', frame(message({ fly: 1, $db: 'admin' })), 59],
  ['an unknown field', frame(message({ ping: 1, wings: 2, $db: 'admin' })), 40415],
  ['a command that is refused by name', frame(message({ mapReduce: 'x', $db: 'a' })), 238],
])('answers %s with an error and goes on serving', async (_, bytes, code) => {
  const reply = await send(bytes, 2000);
  expect(reply).toBeInstanceOf(Buffer);
  expect(codeOf(reply as Buffer)).toBe(code);
  await stillAnswers();
});

test('says nothing to a client that wants no answer', async () => {
  expect(await send(frame(message({ ping: 1, $db: 'admin' }, 2)), 200)).toBe('silent');
});

test(`broken frames are answered or end their connection, and it goes on serving (seed ${seed})`, async () => {
  const counts = await fuzzFrames(engine.port, { count: 400, random: randomFrom(seed) });
  expect(counts.answered).toBeGreaterThan(20);
  expect(counts.closed).toBeGreaterThan(20);
  await stillAnswers();
});

test('48 million bytes are read, one more is not, and nobody waits for either', async () => {
  const most = 48_000_000;
  const socket = await rawSocket(engine.port);
  const head = frame(Buffer.alloc(0), 2013, most);
  socket.write(head);
  for (let sent = head.length; sent < most - 1; sent += 4_000_000) {
    socket.write(Buffer.alloc(Math.min(4_000_000, most - 1 - sent), 1));
    await stillAnswers();
  }
  socket.write(Buffer.from([1]));
  const reply = await answer(socket, 5000);
  expect(reply).toBeInstanceOf(Buffer);
  expect(codeOf(reply as Buffer)).toBe(9);
  socket.destroy();
  expect(await send(frame(Buffer.alloc(0), 2013, most + 1))).toBe('closed');
});

test('a connection that never ends its message is closed with nothing left of it', async () => {
  const sockets = await Promise.all(Array.from({ length: 50 }, () => rawSocket(engine.port)));
  for (const socket of sockets) socket.write(frame(Buffer.alloc(10), 2013, 5000));
  for (const socket of sockets) socket.destroy();
  await stillAnswers();
});

test('no name of a client reaches a prototype', async () => {
  const names = [
    '__proto__',
    'constructor',
    'toString',
    '__proto__.polluted',
    'constructor.prototype.x',
  ];
  for (const name of names) {
    const bodies: Plain[] = [
      { insert: 'names', documents: [{ [name]: { polluted: true } }], $db: 'd' },
      { update: 'names', updates: [{ q: {}, u: { $set: { [name]: 1 } }, upsert: true }], $db: 'd' },
      {
        find: 'names',
        filter: { [name]: 1 },
        projection: { [name]: 1 },
        sort: { [name]: 1 },
        $db: 'd',
      },
      {
        aggregate: 'names',
        pipeline: [{ $group: { _id: `$${name}` } }, { $addFields: { [name]: 1 } }],
        cursor: {},
        $db: 'd',
      },
      { [name]: 1, $db: 'admin' },
    ];
    for (const body of bodies)
      expect(await send(frame(message(body)), 2000)).toBeInstanceOf(Buffer);
  }
  const reply = (await send(
    frame(message({ find: 'names', filter: { polluted: { $exists: true } }, $db: 'd' })),
    2000,
  )) as Buffer;
  expect(decode(reply.subarray(21)).get('ok')).toBe(1);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  await stillAnswers();
});

test('a message in single bytes is understood', async () => {
  const socket = await rawSocket(engine.port);
  for (const byte of frame(good)) socket.write(Buffer.from([byte]));
  expect(await answer(socket)).toBeInstanceOf(Buffer);
  socket.destroy();
});
