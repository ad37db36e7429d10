import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { randomIds } from '@7pay/ids';
import { verifyBooks } from '@7pay/ledger';
import { connect } from '@7pay/mongo';
import {
  freshSecrets,
  partyDoorUrl,
  prepareDatabase,
  type Processes,
  serviceEnvironments,
  startProcesses,
  startSandbox,
} from '@7pay/platform';
import { eventually, tokenMint, type TokenMint } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerChallenge, cardsOf } from '../support/cards.ts';
import { type Graph, graphAt } from '../support/graph.ts';
import { bundle } from './program.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-top-ups-'));
const secrets = freshSecrets();
const closing: (() => unknown)[] = [];
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let processes: Processes;
let connection: Connection;
let graph: Graph;
let mint: TokenMint;
let cards: ReturnType<typeof cardsOf>;

beforeAll(async () => {
  const out = bundle();
  closing.push(() => rmSync(out, { recursive: true, force: true }));
  const engine = await spawnEmbeddedMongo({ dataDir, auth: false, transactionSeconds: 5 });
  closing.push(
    () => rmSync(dataDir, { recursive: true, force: true }),
    () => engine.stop(),
  );
  connection = await connect(engine.uri);
  closing.push(() => connection.close());
  await prepareDatabase(connection);
  const [gateway, identity, sandboxPort] = await freePorts();
  const subgraphs = 30_000 + Math.floor(Math.random() * 2_000);
  const ports = { gateway, identity, sandbox: sandboxPort, subgraphs };
  const issuer = `http://localhost:${identity}`;
  sandbox = await startSandbox({
    port: sandboxPort,
    issuer,
    secrets,
    clock: systemClock,
    partyDoor: partyDoorUrl(ports),
  });
  closing.push(() => sandbox.stop());
  const all = serviceEnvironments({
    mongodbUri: engine.uri,
    secrets,
    ports,
    root: process.cwd(),
    logLevel: 'error',
    rates: 'off',
  });
  const needed = ['identity', 'wallet', 'gateway'];
  processes = await startProcesses(
    new Map([...all].filter(([name]) => needed.includes(name))),
    out,
  );
  closing.push(() => processes.stop());
  graph = graphAt(`http://localhost:${gateway}`);
  cards = cardsOf({ graph });
  const audience = `http://localhost:${gateway}/graphql`;
  mint = tokenMint({ issuer, audience, key: secrets.signingKey });
});
afterAll(async () => {
  const { faults } = await verifyBooks(connection);
  for (const close of closing.toReversed()) await close();
  expect(faults).toEqual([]);
});

async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  for (const server of servers) server.close();
  return ports as [number, number, number];
}

/** A member who topped up 1,000 yen by a card before, so that 2,000 are not challenged. */
async function aRegular() {
  const memberId = randomIds.next('mem');
  const token = await mint.member(memberId);
  await eventually(async () => {
    const { data } = await graph.ask<{ result: { __typename: string } } | null>(
      'mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }',
      {},
      token,
    );
    return data?.result.__typename === 'WalletOpened';
  });
  const cardId = await cards.register(token, 'first');
  const { url } = await cards.charge(token, { topUpId: 'first', cardId, amount: 1_000 });
  await answerChallenge(url!, 'yes');
  await eventually(async () => (await cards.goOn(token, 'first')).topUp?.state === 'SETTLED');
  const balance = async () =>
    (await graph.ask<{ wallet: { balance: number } }>('{ wallet { balance } }', {}, token)).data
      .wallet.balance;
  return { memberId, token, cardId, balance };
}

const stateOf = async (memberId: string) =>
  (
    await connection
      .collection('wallet_topUps')
      .find({ memberId })
      .sort({ requestedAt: -1 })
      .limit(1)
      .toArray()
  )[0]?.['state'] as string;
const last = () => sandbox.acquirer.charges().at(-1);

describe('the wallet killed while the acquirer answers', () => {
  it('after the card was charged and before the entry is written: the worker of the next process books it once', async () => {
    const member = await aRegular();
    sandbox.acquirer.fail('capture', 'SLOW', 'SLOW');
    const lost = cards
      .charge(member.token, { topUpId: 'killed', cardId: member.cardId, amount: 2_000 })
      .catch(() => null);
    await eventually(async () => last()?.amountYen === 2_000 && last()?.state === 'CAPTURED');
    await processes.kill('wallet');
    await lost;
    expect(await stateOf(member.memberId)).toBe('PENDING');
    const journal = connection.collection('ledger_journal');
    expect(await journal.countDocuments({ kind: 'TOP_UP' })).toBe(1);

    await processes.restart('wallet');
    await eventually(async () => (await stateOf(member.memberId)) === 'SETTLED', 30_000);
    expect(await member.balance()).toBe(3_000);
    expect((await cards.goOn(member.token, 'killed')).topUp?.state).toBe('SETTLED');
    expect(await journal.countDocuments({ kind: 'TOP_UP' })).toBe(2);
  });

  it('while a charge is voided that the wallet refused: the next process does not book it, though it could', async () => {
    const member = await aRegular();
    const accounts = connection.collection<{ _id: string }>('ledger_accounts');
    const set = (status: string) =>
      accounts.updateOne({ owner: member.memberId } as never, { $set: { status } });
    sandbox.acquirer.fail('capture', 'LOST_ANSWER', 'LOST_ANSWER');
    await cards.charge(member.token, { topUpId: 'void', cardId: member.cardId, amount: 2_000 });
    await set('CLOSED');
    sandbox.acquirer.fail('void', 'DOWN', 'DOWN', 'SLOW', 'SLOW');
    await cards.goOn(member.token, 'void');
    const lost = cards.goOn(member.token, 'void').catch(() => null);
    await eventually(async () => last()?.state === 'VOIDED');
    await processes.kill('wallet');
    await lost;
    await set('OPEN');
    await processes.restart('wallet');
    await eventually(async () => (await stateOf(member.memberId)) === 'VOIDED', 30_000);
    expect(await member.balance()).toBe(1_000);
  });
});
