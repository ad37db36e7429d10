import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixedClock } from '@7pay/time';
import { askParty } from '@7pay/world';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createRegisterNetwork,
  type RegisterFault,
  type RegisterNetwork,
} from './register-network.ts';

const SECRET = 'shared-with-the-network';
const clock = fixedClock('2019-07-01T00:00:00Z');
let network: RegisterNetwork;
let server: Server;
let url: string;
beforeEach(async () => {
  network = createRegisterNetwork({ secret: SECRET, clock });
  server = createServer(network.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
);

const cash = (topUpId: string, amountYen = 3_000) => ({
  path: `/cash-receipts/${topUpId}`,
  body: { storeId: 'sto_1', terminalId: 'ter_1', amountYen },
});
const ask = (request: { path: string; body: unknown }, secret = SECRET) =>
  askParty({ url, secret, timeoutMs: 200, attempts: 1 }, clock, request);
const taken = (topUpId: string) => ({
  outcome: 'ANSWERED',
  status: 200,
  body: { topUpId, receipt: 'TAKEN' },
});

describe('the register network', () => {
  it('notes cash once and says so again', async () => {
    expect(await ask(cash('top_1'))).toEqual(taken('top_1'));
    expect(await ask(cash('top_1'))).toEqual(taken('top_1'));
    expect(network.receipts()).toEqual([
      {
        topUpId: 'top_1',
        storeId: 'sto_1',
        terminalId: 'ter_1',
        amountYen: 3_000,
        receipt: 'TAKEN',
      },
    ]);
  });

  it('refuses the same id with another amount', async () => {
    await ask(cash('top_1'));
    expect(await ask(cash('top_1', 4_000))).toMatchObject({ outcome: 'ANSWERED', status: 409 });
    expect(network.receipts()).toHaveLength(1);
  });

  it('notes nothing for a stranger, nor under a strange path', async () => {
    expect(await ask(cash('top_1'), 'guessed')).toMatchObject({ outcome: 'UNKNOWN' });
    expect(await ask({ path: '/cash-receipts/a%20b', body: {} })).toMatchObject({ status: 404 });
    expect(await ask({ path: '/cash-receipts/', body: {} })).toMatchObject({ status: 404 });
    expect(network.receipts()).toEqual([]);
  });

  it('says of cash that was not taken that it was not, for good', async () => {
    network.fail('NOT_TAKEN');
    const no = { outcome: 'ANSWERED', body: { topUpId: 'top_1', receipt: 'NOT_TAKEN' } };
    expect(await ask(cash('top_1'))).toMatchObject(no);
    expect(await ask(cash('top_1'))).toMatchObject(no);
  });

  it.each<[RegisterFault, number]>([
    ['DOWN', 0],
    ['SLOW', 1],
    ['LOST_ANSWER', 1],
    ['WRONG_SIGNATURE', 1],
  ])(
    'failing by %s leaves us without an answer, with %d receipts, and is well again',
    async (fault, noted) => {
      network.fail(fault);
      expect(await ask(cash('top_1'))).toMatchObject({ outcome: 'UNKNOWN' });
      expect(network.receipts()).toHaveLength(noted);
      expect(await ask(cash('top_1'))).toEqual(taken('top_1'));
      expect(network.receipts()).toHaveLength(1);
    },
  );

  it('uses its faults up in order, one for each request', async () => {
    network.fail('DOWN', 'NOT_TAKEN');
    expect(await ask(cash('top_1'))).toMatchObject({ outcome: 'UNKNOWN' });
    expect(await ask(cash('top_1'))).toMatchObject({ body: { receipt: 'NOT_TAKEN' } });
    expect(await ask(cash('top_2'))).toEqual(taken('top_2'));
  });

  it('cuts the line to a body that is too long', async () => {
    const long = { path: '/cash-receipts/top_1', body: { storeId: 'x'.repeat(10_000) } };
    expect(await ask(long)).toMatchObject({ outcome: 'UNKNOWN' });
    expect(network.receipts()).toEqual([]);
  });
});
