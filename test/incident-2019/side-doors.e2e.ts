import { createServer, type Server } from 'node:http';
import { closeServer, listen, mintInternalToken, serveSubgraph } from '@7pay/graphql';
import { freshSecrets } from '@7pay/platform';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  aMemberWith,
  type Member,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

// 2019: services behind the front trusted whoever reached them, and an id in a request was taken as the caller's own.
let under: PlatformUnderTest;
let victim: Member;
let stranger: Member;
let paymentId: string;
beforeAll(async () => {
  under = await platformUnderTest('side_doors');
  [victim, stranger] = [await aMemberWith(under, 5_000), await aMember(under)];
  const input = { merchantPaymentId: 'side-1', code: await victim.code(), amount: 700 };
  const paid = await under.graph.ask<{ result: { payment: { id: string } } }>(
    PAY,
    { input },
    under.stores[0]!.token,
  );
  paymentId = paid.data.result.payment.id;
});
afterAll(() => under.stop());

describe('a stranger with the victim’s ids', () => {
  it('finds nothing through the graph', async () => {
    const byId = await under.graph.ask<{ payment: unknown }>(
      'query($id: ID!) { payment(id: $id) { amount } }',
      { id: paymentId },
      stranger.token,
    );
    expect(byId.data.payment).toBeNull();
    const own = await under.graph.ask<{ wallet: { payments: { nodes: unknown[] } } }>(
      '{ wallet { payments(first: 10) { nodes { id } } } }',
      {},
      stranger.token,
    );
    expect(own.data.wallet.payments.nodes).toEqual([]);
  });

  it.each([
    ['x-member-id', () => victim.memberId],
    ['x-user', () => victim.memberId],
    ['x-wallet-id', () => victim.walletId],
    ['viewer', () => JSON.stringify({ kind: 'member', memberId: victim.memberId })],
  ])('is not taken for the victim because the header %s says so', async (header, value) => {
    const { data } = await under.graph.ask<{ wallet: { id: string; balance: number } }>(
      '{ wallet { id balance } }',
      {},
      stranger.token,
      { [header]: value() },
    );
    expect(data.wallet).toEqual({ id: stranger.walletId, balance: 0 });
  });

  it.each(['memberId', 'walletId', 'userId'])(
    'cannot name the victim as %s in what they send',
    async (field) => {
      const answer = await under.graph.ask(
        `mutation { claimBalanceRefund(input: { claimId: "x", payoutMethod: BANK_TRANSFER, ${field}: "${victim.walletId}" }) { __typename } }`,
        {},
        stranger.token,
      );
      expect(answer.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(await victim.balance()).toBe(4_300);
    },
  );

  it('cannot ask the gateway for entities by their keys', async () => {
    const answer = await under.graph.ask(
      'query($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }',
      { representations: [{ __typename: 'Wallet', id: victim.walletId }] },
      stranger.token,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('a service reached without the gateway', () => {
  const { internalKey } = freshSecrets();
  const servers: Server[] = [];
  const urls = new Map<string, string>();
  beforeAll(async () => {
    for (const subgraph of under.platform.subgraphs) {
      const { kty, crv, x } = internalKey;
      const key = { kty, crv, x } as typeof internalKey;
      const server = createServer(
        serveSubgraph(subgraph, { key, clock: systemClock, log: silentLog }),
      );
      urls.set(subgraph.name, `http://127.0.0.1:${await listen(server, 0)}/graphql`);
      servers.push(server);
    }
  });
  afterAll(() => Promise.all(servers.map(closeServer)));

  const post = async (subgraph: string, query: string, authorization?: string) => {
    const response = await fetch(urls.get(subgraph)!, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization ? { authorization } : {}),
      },
      body: JSON.stringify({
        query,
        variables: { representations: [{ __typename: 'Wallet', id: victim.walletId }] },
      }),
    });
    return { status: response.status, text: await response.text() };
  };
  const QUESTIONS = [
    '{ __typename }',
    '{ _service { sdl } }',
    'query($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }',
  ];
  const viewer = () => ({
    kind: 'member' as const,
    memberId: victim.memberId,
    scopes: ['wallet'],
    roles: [],
    acr: 'urn:7id:acr:3',
    authTime: 0,
    locale: 'en' as const,
    requestId: 'test',
    clientId: null,
  });

  it('answers nothing to anybody without a token of the gateway for that very service', async () => {
    const elsewhere = freshSecrets().internalKey;
    const now = new Date();
    const tokens: (string | undefined)[] = [
      undefined,
      'Bearer ',
      `Bearer ${victim.token}`,
      `Bearer ${await mintInternalToken(internalKey, { viewer: viewer(), subgraph: 'another', now })}`,
      `Bearer ${await mintInternalToken(internalKey, { viewer: viewer(), subgraph: 'wallet', now: new Date(now.getTime() - 120_000) })}`,
    ];
    for (const name of urls.keys()) {
      const forged = await mintInternalToken(elsewhere, { viewer: viewer(), subgraph: name, now });
      for (const authorization of [...tokens, `Bearer ${forged}`]) {
        for (const query of QUESTIONS) {
          const { status, text } = await post(name, query, authorization);
          expect(status, `${name} ${query}`).toBe(401);
          expect(text).not.toMatch(/sdl|__typename|4300/);
        }
      }
    }
  });

  it('answers the gateway, so that the silence above is no accident', async () => {
    const token = await mintInternalToken(internalKey, {
      viewer: viewer(),
      subgraph: 'wallet',
      now: new Date(),
    });
    const { status, text } = await post('wallet', '{ wallet { balance } }', `Bearer ${token}`);
    expect([status, text]).toEqual([200, '{"data":{"wallet":{"balance":4300}}}']);
  });
});
