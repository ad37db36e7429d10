import { EventEmitter } from 'node:events';
import { refuse } from '@7pay/refusals';
import { describe, expect, it } from 'vitest';
import '../account/password-hashes.ts'; // declares the refusal
import { openPasswordThreads, type PasswordWorker } from './password-threads.ts';
import { RANKS } from './rank.ts';
import type { ThreadSetting, ToThread } from './thread-messages.ts';

/** A thread whose pieces end when the test says so. */
function aThreadByHand() {
  const worker = new EventEmitter();
  const begun: ToThread[] = [];
  Object.assign(worker, {
    postMessage: (message: ToThread) => void begun.push(message),
    ref: () => {},
    unref: () => {},
    terminate: async () => 0,
  });
  const end = () => worker.emit('message', { id: begun.at(-1)?.id, value: false });
  // What is missing of a worker, the pool does not use.
  return { worker: worker as unknown as PasswordWorker, begun, end };
}

const PASSWORD_OF = (message: ToThread | undefined) => message?.password;
const verify = (password: string) => ({ kind: 'verify', password, stored: 'a hash' }) as const;
const busy = refuse('LOGIN_BUSY');

function aPool(waitingMax: number) {
  const thread = aThreadByHand();
  const limits = { threads: 1, reserved: 0, waitingMax, deadlineMs: 60_000 };
  const pool = openPasswordThreads(limits, () => thread.worker);
  return { ...thread, pool };
}

/** A pool with a thread for everybody, which gives way, and one that is reserved. */
function aPoolWithReserved() {
  const [common, reserved] = [aThreadByHand(), aThreadByHand()];
  const limits = { threads: 1, reserved: 1, waitingMax: 3, deadlineMs: 60_000 };
  const ofSetting = ({ givesWay }: ThreadSetting) => (givesWay ? common : reserved).worker;
  return { common, reserved, pool: openPasswordThreads(limits, ofSetting) };
}

describe('the thread that is reserved', () => {
  const known = { rank: RANKS.KNOWN_BROWSER, lane: 'browser' };
  const home = { rank: RANKS.RIGHT_OF_LATE, lane: 'home' };

  it('looks at the password of a member while a guess is being looked at, and at no guess', async () => {
    const { common, reserved, pool } = aPoolWithReserved();
    for (let n = 0; n < 3; n += 1)
      void pool.run(verify(`guess ${n}`), { rank: RANKS.NOTHING_KNOWN, lane: `net-${n}` });
    void pool.run({ kind: 'hash', password: 'a new one' });
    void pool.run(verify('honest'), home);
    expect(reserved.begun.map(PASSWORD_OF)).toEqual(['honest']);
    reserved.end();
    expect(reserved.begun).toHaveLength(1);
    for (let n = 0; n < 3; n += 1) common.end();
    expect(common.begun.map(PASSWORD_OF)).toEqual(['guess 0', 'a new one', 'guess 1', 'guess 2']);
    await pool.close();
  });

  it('is not the only one for them: a second one goes before the guesses', async () => {
    const { common, reserved, pool } = aPoolWithReserved();
    for (const name of ['first', 'second', 'third']) void pool.run(verify(name), home);
    void pool.run(verify('guess'), { rank: RANKS.WRONG_OF_LATE, lane: 'flood' });
    expect(reserved.begun.map(PASSWORD_OF)).toEqual(['first']);
    expect(common.begun.map(PASSWORD_OF)).toEqual(['second']);
    common.end();
    common.end();
    expect(common.begun.map(PASSWORD_OF)).toEqual(['second', 'third', 'guess']);
    await pool.close();
  });

  it('is room for a member where the queue is full, and for nobody else', async () => {
    const { pool } = aPoolWithReserved();
    for (let n = 0; n <= 3; n += 1) void pool.run(verify(`honest ${n}`), home);
    void pool.run(verify('known'), known);
    expect(pool.waiting).toBe(3);
    expect(pool.hasRoom({ rank: RANKS.NOTHING_KNOWN, lane: 'anybody' })).toBe(false);
    await pool.close();

    const quiet = aPoolWithReserved();
    const guesses = [0, 1, 2, 3].map((n) => ({ rank: RANKS.NOTHING_KNOWN, lane: `net-${n}` }));
    for (const place of guesses) void quiet.pool.run(verify('guess'), place);
    expect(quiet.pool.hasRoom({ rank: RANKS.NOTHING_KNOWN, lane: 'net-4' })).toBe(false);
    expect(quiet.pool.hasRoom(known)).toBe(true);
    await quiet.pool.close();
  });
});

describe('whose password is looked at next', () => {
  it('is the member of a network that was right of late, although two hundred of a flood wait', async () => {
    const { pool, begun, end } = aPool(200);
    for (let n = 0; n <= 200; n += 1)
      void pool.run(verify(`guess ${n}`), { rank: 3, lane: `net-${n % 50}` });
    expect(pool.waiting).toBe(200);
    void pool.run(verify('honest'), { rank: 1, lane: 'home' });
    end();
    expect(begun.map(PASSWORD_OF)).toEqual(['guess 0', 'honest']);
    await pool.close();
  });

  it('is each network in its turn, however many tries one of them sent', async () => {
    const { pool, begun, end } = aPool(200);
    for (let n = 0; n < 100; n += 1) void pool.run(verify(`loud ${n}`), { rank: 2, lane: 'loud' });
    void pool.run(verify('quiet 1'), { rank: 2, lane: 'quiet' });
    void pool.run(verify('quiet 2'), { rank: 2, lane: 'quiet' });
    for (let n = 0; n < 4; n += 1) end();
    expect(begun.map(PASSWORD_OF)).toEqual(['loud 0', 'loud 1', 'quiet 1', 'loud 2', 'quiet 2']);
    await pool.close();
  });

  it('is told to wait for nobody better: the flood loses its own place', async () => {
    const { pool } = aPool(3);
    const all = [0, 1, 2, 3].map((n) => pool.run(verify(`guess ${n}`), { rank: 3, lane: 'flood' }));
    expect(pool.hasRoom({ rank: 3, lane: 'flood' })).toBe(false);
    expect(pool.hasRoom({ rank: 1, lane: 'home' })).toBe(true);
    const honest = pool.run(verify('honest'), { rank: 1, lane: 'home' });
    expect(await all[3]).toEqual(busy);
    expect(pool.waiting).toBe(3);
    await pool.close();
    expect(await honest).toEqual(busy);
  });

  it('is the next one at once where nobody waits', async () => {
    const { pool } = aPool(1);
    expect(pool.hasRoom({ rank: 3, lane: 'anybody' })).toBe(true);
    void pool.run(verify('first'), { rank: 3, lane: 'anybody' });
    expect(pool.waiting).toBe(0);
    await pool.close();
  });
});
