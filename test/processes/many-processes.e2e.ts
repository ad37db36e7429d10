import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { mintInternalToken } from '@7pay/graphql';
import { randomIds } from '@7pay/ids';
import { verifyBooks } from '@7pay/ledger';
import { connect } from '@7pay/mongo';
import {
  freshSecrets,
  openPlatform,
  partyDoorUrl,
  prepareDatabase,
  type Processes,
  seed,
  serviceEnvironments,
  startProcesses,
  startSandbox,
} from '@7pay/platform';
import { silentLog } from '@7pay/telemetry';
import { eventually, openEvents, tokenMint, type TokenMint } from '@7pay/testing';
import { systemClock } from '@7pay/time';
import type { Connection } from 'mongoose';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Graph, graphAt } from '../support/graph.ts';
import { CANCEL, INQUIRE, PAY, TOP_UP } from '../support/platform-under-test.ts';
import { lostAnswerProxy, type LostAnswerProxy } from './lost-answer-proxy.ts';
import { bundle } from './program.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-processes-'));
const secrets = freshSecrets();
const closing: (() => unknown)[] = [];
let environments: ReadonlyMap<string, Readonly<Record<string, string>>>;
let processes: Processes;
let proxy: LostAnswerProxy;
let connection: Connection;
let graph: Graph;
let fallback: Graph;
let mint: TokenMint;
let terminal: string;
let out: string;
let secondPorts: number;

beforeAll(async () => {
  out = bundle();
  closing.push(() => rmSync(out, { recursive: true, force: true }));
  const engine = await spawnEmbeddedMongo({ dataDir, auth: false, transactionSeconds: 5 });
  closing.push(
    () => rmSync(dataDir, { recursive: true, force: true }),
    () => engine.stop(),
  );
  connection = await connect(engine.uri);
  closing.push(() => connection.close());
  await prepareDatabase(connection);

  const [gateway, identity, sandboxPort, subgraphs] = await freePorts();
  const ports = { gateway, identity, sandbox: sandboxPort, subgraphs };
  const storeId = await demoStore(engine.uri);
  const sandbox = await startSandbox({
    port: ports.sandbox,
    issuer: `http://localhost:${ports.identity}`,
    secrets,
    clock: systemClock,
    partyDoor: partyDoorUrl(ports),
  });
  closing.push(() => sandbox.stop());
  proxy = await lostAnswerProxy(Number(/:(\d+)\//.exec(engine.uri)?.[1]));
  closing.push(() => proxy.close());
  const all = serviceEnvironments({
    mongodbUri: engine.uri,
    secrets,
    ports,
    root: process.cwd(),
    logLevel: 'error',
    rates: 'off',
  });
  // Only the wallet talks to the database through the proxy.
  environments = new Map([
    ...all,
    [
      'wallet',
      {
        ...all.get('wallet'),
        MONGODB_URI: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
      },
    ],
  ]);
  processes = await startProcesses(environments, out);
  closing.push(() => processes.stop());

  graph = graphAt(`http://localhost:${ports.gateway}`);
  // A second gateway on the same subgraphs, with the executor to fall back on.
  const fallbackPort = ports.subgraphs + 20;
  secondPorts = ports.subgraphs + 30;
  const stock = { ...all.get('gateway'), PORT: `${fallbackPort}`, GATEWAY_EXECUTOR: 'stock' };
  const second = await startProcesses(new Map([['gateway', stock]]), out);
  closing.push(() => second.stop());
  fallback = graphAt(`http://localhost:${fallbackPort}`);
  mint = tokenMint({
    issuer: `http://localhost:${ports.identity}`,
    audience: `http://localhost:${ports.gateway}/graphql`,
    key: secrets.signingKey,
  });
  const { data } = await graph.ask<{ store: { merchant: { id: string } } }>(
    'query($id: ID!) { store(id: $id) { merchant { id } } }',
    { id: storeId },
  );
  terminal = await mint.terminal({
    terminalId: randomIds.next('ter'),
    storeId,
    merchantId: data.store.merchant.id,
  });
});
afterAll(async () => {
  const { faults, entries } = await verifyBooks(connection);
  for (const close of closing.toReversed()) await close();
  expect(faults).toEqual([]);
  expect(entries).toBeGreaterThan(2);
});

/** A store that was opened by the one-process platform on the same data. */
async function demoStore(mongodbUri: string): Promise<string> {
  const platform = await openPlatform({
    rates: 'unlimited',
    mongodbUri,
    secrets,
    ports: { gateway: 0, identity: 0, sandbox: 0 },
    supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
    root: process.cwd(),
    log: silentLog,
  });
  const { stores } = await seed(platform);
  await eventually(
    async () => (await connection.collection('wallet_stores').countDocuments()) === 2,
  );
  await platform.stop();
  return stores[0]!.id;
}

async function freePorts(): Promise<[number, number, number, number]> {
  const taken = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const server = createServer();
      const port = await new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
      });
      return { server, port };
    }),
  );
  for (const { server } of taken) server.close();
  const [a, b, c] = taken.map(({ port }) => port);
  return [a!, b!, c!, 20_000 + Math.floor(Math.random() * 9_000)];
}

async function memberWith(amount: number) {
  const token = await mint.member(randomIds.next('mem'));
  await eventually(async () => {
    const { data } = await graph.ask<Paid | null>(
      'mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }',
      {},
      token,
    );
    return data?.result.__typename === 'WalletOpened';
  });
  // Asked again when a starved process refuses to answer for its switches: that is not what these tests are about.
  const code = () =>
    eventually(async () => {
      const { data } = await graph.ask<{ result: { paymentCode?: { code: string } } } | null>(
        'mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }',
        {},
        token,
      );
      return data?.result.paymentCode?.code;
    });
  const input = { topUpId: randomIds.next('top'), code: await code(), amount };
  await eventually(async () => {
    const { data } = await graph.ask<Paid | null>(TOP_UP, { input }, terminal);
    return data?.result.__typename === 'TopUpAccepted';
  });
  const balance = async () =>
    (await graph.ask<{ wallet: { balance: number } }>('{ wallet { balance } }', {}, token)).data
      .wallet.balance;
  return { token, code, balance };
}

interface Paid {
  readonly result: { readonly __typename: string; readonly payment?: { readonly id: string } };
}
const pay = (merchantPaymentId: string, code: string, amount = 500) =>
  graph.ask<Paid>(PAY, { input: { merchantPaymentId, code, amount } }, terminal);

describe('each service in a process of its own', () => {
  it('answers one query from four subgraphs over HTTP', async () => {
    const member = await memberWith(3_000);
    await pay('http-1', await member.code(), 1_000);
    const query =
      '{ wallet { balance refundProgramme { id } payments(first: 5) { nodes { pointsEarned store { name } merchant { name } } } } }';
    const points = await eventually(async () => {
      const { data } = await graph.ask<{
        wallet: { payments: { nodes: { pointsEarned: number; store: { name: string } }[] } };
      }>(query, {}, member.token);
      return data.wallet.payments.nodes[0]?.pointsEarned === 5 && data.wallet.payments.nodes[0];
    });
    expect(points).toMatchObject({ store: { name: '千代田二番町店' } });
    expect(await fallback.ask(query, {}, member.token)).toEqual(
      await graph.ask(query, {}, member.token),
    );
  });

  it('refuses whoever comes to a subgraph without the gateway, the schema and entities included', async () => {
    const port = environments.get('wallet')?.['PORT'];
    const viewer = {
      kind: 'anonymous' as const,
      locale: 'ja' as const,
      requestId: 'x',
      clientId: null,
      scopes: [],
    };
    const now = new Date();
    const headers: Record<string, string | undefined> = {
      nothing: undefined,
      'an access token of 7iD': `Bearer ${await mint.member('mem_x')}`,
      'a token for another subgraph': `Bearer ${await mintInternalToken(secrets.internalKey, { viewer, subgraph: 'points', now })}`,
      'an expired token': `Bearer ${await mintInternalToken(secrets.internalKey, { viewer, subgraph: 'wallet', now: new Date(now.getTime() - 120_000) })}`,
      'a token of another key': `Bearer ${await mintInternalToken(freshSecrets().internalKey, { viewer, subgraph: 'wallet', now })}`,
    };
    for (const [what, authorization] of Object.entries(headers)) {
      for (const query of [
        '{ _service { sdl } }',
        '{ _entities(representations: [{ __typename: "Wallet", id: "wal_1" }]) { __typename } }',
        '{ wallet { balance } }',
      ]) {
        const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(authorization ? { authorization } : {}),
          },
          body: JSON.stringify({ query }),
        });
        expect(response.status, `${what}: ${query}`).toBe(401);
        expect(await response.json()).toMatchObject({
          errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
        });
      }
    }
  });

  it('answers the other fields when one subgraph is down, without its address', async () => {
    const member = await memberWith(1_000);
    await processes.kill('refund');
    const answer = await graph.ask<{ wallet: { balance: number; refundProgramme: null } }>(
      '{ wallet { balance refundProgramme { id } } }',
      {},
      member.token,
    );
    expect(answer.data.wallet).toEqual({ balance: 1_000, refundProgramme: null });
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(JSON.stringify(answer)).not.toMatch(
      /127\.0\.0\.1|localhost|ECONNREFUSED|refund subgraph/,
    );
    await processes.restart('refund');
  });
});

describe('the wallet killed between a commit and its answer', () => {
  it('has paid once: the terminal finds the payment by its own number and gets the same one when it asks again', async () => {
    const member = await memberWith(3_000);
    const code = await member.code();
    const lost = proxy.loseNextCommitAnswer('wallet_payments').then(() => processes.kill('wallet'));
    const unknown = await pay('killed-1', code);
    await lost;
    expect(unknown.data ?? null).toBeNull();
    expect(unknown.errors?.[0]?.extensions.code).toBe('UNAVAILABLE');

    await processes.restart('wallet');
    const inquiry = await graph.ask<{ inquiry: { outcome: string; payment: { id: string } } }>(
      INQUIRE,
      { id: 'killed-1' },
      terminal,
    );
    expect(inquiry.data.inquiry.outcome).toBe('ACCEPTED');
    const again = await pay('killed-1', code);
    expect(again.data.result).toMatchObject({
      __typename: 'PaymentAccepted',
      payment: { id: inquiry.data.inquiry.payment.id },
    });
    expect(await member.balance()).toBe(2_500);
  });

  it('loses nothing and doubles nothing when it dies again and again under load', async () => {
    const member = await memberWith(49_000);
    const acknowledged = new Set<string>();
    const codes = new Map<string, string>();
    let issued = 0;
    for (let round = 0; round < 4; round += 1) {
      const numbers = Array.from({ length: 6 }, () => `crash-${(issued += 1)}`);
      for (const number of numbers) codes.set(number, await member.code());
      const load = numbers.map(async (number) => {
        const answer = await pay(number, codes.get(number)!, 100);
        if (answer.data?.result.__typename === 'PaymentAccepted') acknowledged.add(number);
      });
      setTimeout(() => void processes.kill('wallet'), 5 + round * 12);
      await Promise.all(load);
      await eventually(async () => processes.kill('wallet').then(() => true));
      await processes.restart('wallet');
    }
    let accepted = 0;
    for (const [number, code] of codes) {
      const { data } = await graph.ask<{ inquiry: { outcome: string } | null }>(
        INQUIRE,
        { id: number },
        terminal,
      );
      if (acknowledged.has(number)) expect(data.inquiry?.outcome, number).toBe('ACCEPTED');
      // The terminal asks again until it has an answer: never a second payment. What the killed process had
      // locked is free when its transactions have come to the end of their life.
      const again = await eventually(async () => {
        const answer = await pay(number, code, 100);
        // A process that has just begun may not have seen the switches: nothing was noted, and it is asked again.
        return answer.data && answer.data.result.__typename !== 'ControlsStale'
          ? answer
          : undefined;
      }, 15_000);
      expect(again.data.result.__typename, number).toMatch(/^(PaymentAccepted|CodeExpired)$/);
      if (again.data.result.__typename === 'PaymentAccepted') accepted += 1;
    }
    expect(await member.balance()).toBe(49_000 - accepted * 100);
  });
});

describe('a subscription to a subgraph in a process of its own', () => {
  const WAIT =
    'subscription($id: String!) { inquiry: paymentChanged(merchantPaymentId: $id) { outcome } }';
  const subscribe = (port: string | undefined, id: string) =>
    openEvents<{ inquiry: { outcome: string } | null }>(
      `http://localhost:${port}/graphql`,
      { query: WAIT, variables: { id } },
      { token: terminal },
    );

  it('misses nothing when the wallet is killed under it, and is completed when its gateway stops', async () => {
    // A second wallet on the same data, behind a gateway of its own.
    const ports = { gateway: `${secondPorts + 1}`, wallet: `${secondPorts}` };
    const urls = JSON.parse(environments.get('gateway')?.['SUBGRAPH_URLS'] ?? '{}') as object;
    const second = await startProcesses(
      new Map([
        ['wallet', { ...environments.get('wallet'), PORT: ports.wallet, PARTY_DOOR_PORT: '0' }],
        [
          'gateway',
          {
            ...environments.get('gateway'),
            PORT: ports.gateway,
            SUBGRAPH_URLS: JSON.stringify({ ...urls, wallet: `http://127.0.0.1:${ports.wallet}` }),
          },
        ],
      ]),
      out,
    );
    try {
      const member = await memberWith(3_000);
      const input = { merchantPaymentId: 'told-1', amount: 500, code: await member.code() };
      const waiting = await subscribe(environments.get('gateway')?.['PORT'], 'told-1');
      expect((await waiting.answer()).data.inquiry).toBeNull();

      await processes.kill('wallet');
      const elsewhere = graphAt(`http://localhost:${ports.gateway}`);
      expect((await elsewhere.ask<Paid>(PAY, { input }, terminal)).data.result.__typename).toBe(
        'PaymentAccepted',
      );
      await elsewhere.ask(CANCEL, { input: { merchantPaymentId: 'told-1' } }, terminal);
      await processes.restart('wallet');

      // Both that happened while nobody was there, in their order, over the connection that was open all the time.
      expect((await waiting.answer()).data.inquiry?.outcome).toBe('ACCEPTED');
      expect((await waiting.answer()).data.inquiry?.outcome).toBe('CANCELLED');
      waiting.close();

      const stopped = await subscribe(ports.gateway, 'told-1');
      await stopped.answer();
      const ending = second.stop();
      expect(await stopped.next()).toMatchObject({ data: { reason: 'STOPPING' } });
      await ending;
    } finally {
      await second.stop();
    }
  });
});
