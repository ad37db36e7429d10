import { generateKeyPairSync } from 'node:crypto';
import { pointsAccountIdOf } from '@7pay/ids';
import { isRefused } from '@7pay/refusals';
import { eventually } from '@7pay/testing';
import type { JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aMember,
  aMemberWith,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';

let under: PlatformUnderTest;
beforeAll(async () => {
  under = await platformUnderTest('bad_input');
});
afterAll(() => under.stop());

const BALANCE = '{ wallet { balance } }';

describe('a token', () => {
  const strangersKey = () => {
    const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      format: 'jwk',
    }) as JWK;
    return { ...jwk, kid: 'stranger' };
  };
  const claims = {
    sub: 'mem_x',
    client_id: 'seven-eleven-app',
    scope: 'wallet',
    acr: 'urn:7id:acr:3',
  };
  const past = Math.floor(Date.now() / 1_000) - 3_600;

  it.each<[string, () => Promise<string>]>([
    ['that is no token', async () => 'abcdefghijklmnopqrstuvwxyz'],
    ['that has expired', () => under.mint.forge({ ...claims, iat: past - 300, exp: past })],
    ['of another key', () => under.mint.forge(claims, { kid: 'stranger' }, strangersKey())],
    ['of another key under our key’s id', () => under.mint.forge(claims, {}, strangersKey())],
    ['of another issuer', () => under.mint.forge({ ...claims, iss: 'https://id.example' })],
    ['for another audience', () => under.mint.forge({ ...claims, aud: 'https://other.example' })],
    ['of another type, such as an ID token', () => under.mint.forge(claims, { typ: 'JWT' })],
    [
      'of a client that speaks for nobody',
      () => under.mint.forge({ ...claims, sub: 'x', client_id: 'x' }),
    ],
  ])('%s is refused with 401', async (_, make) => {
    const answer = await under.graph.ask(BALANCE, {}, await make());
    expect(answer.status).toBe(401);
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('is needed', async () => {
    const answer = await under.graph.ask(BALANCE);
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('without the scope is refused', async () => {
    const token = await under.mint.member('mem_partner', { scope: 'openid profile' });
    const answer = await under.graph.ask(BALANCE, {}, token);
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('of a member cannot do a terminal’s work, nor a terminal’s a member’s', async () => {
    const member = await under.mint.member('mem_y');
    const asTerminal = await under.graph.ask(
      PAY,
      { input: { merchantPaymentId: 'x', code: '1', amount: 1 } },
      member,
    );
    expect(asTerminal.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const asMember = await under.graph.ask(BALANCE, {}, under.stores[0]!.token);
    expect(asMember.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('of a weakly proven member reads no balance, payment or points of their own', async () => {
    const member = await aMemberWith(under, 1_000);
    const paid = await under.graph.ask<{ result: { payment: { id: string } } }>(
      PAY,
      { input: { merchantPaymentId: 'weak-1', code: await member.code(), amount: 500 } },
      under.stores[0]!.token,
    );
    const weak = await under.mint.member(member.memberId, { acr: 'urn:7id:acr:1' });
    const balance = await under.graph.ask<null>(BALANCE, {}, weak);
    expect([balance.data, balance.errors?.[0]?.extensions.code]).toEqual([
      { wallet: null },
      'FORBIDDEN',
    ]);
    const payment = await under.graph.ask<{ payment: unknown }>(
      'query($id: ID!) { payment(id: $id) { amount } }',
      { id: paid.data.result.payment.id },
      weak,
    );
    expect(payment.data.payment).toBeNull();
  });

  it('of a weakly proven member cannot open a wallet or show a code', async () => {
    const token = await under.mint.member('mem_weak', { acr: 'urn:7id:acr:1' });
    const opened = await under.graph.ask<{ result: unknown }>(
      'mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { __typename ... on StepUpRequired { code acr message } } }',
      {},
      token,
    );
    expect(opened.data.result).toMatchObject({
      __typename: 'StepUpRequired',
      acr: 'urn:7id:acr:2',
    });
    const issued = await under.graph.ask<{ result: unknown }>(
      'mutation { result: issuePaymentCode { __typename } }',
      {},
      token,
    );
    expect(issued.data.result).toEqual({ __typename: 'StepUpRequired' });
  });

  it('of an operator without a second factor, without the role or of another duty operates nothing', async () => {
    const close =
      'mutation { closeSwitch(input: { key: "payment", reasonJa: "x", reasonEn: "x" }) { __typename } }';
    const otherDuty = { roles: ['operator', 'finance', 'auditor'] };
    const claims = [{ acr: 'urn:7id:acr:1' }, { roles: [] }, { scope: 'openid' }, otherDuty];
    for (const claim of claims) {
      const token = await under.mint.operator('mem_op', claim);
      const answer = await under.graph.ask(close, {}, token);
      expect(answer.errors?.[0]?.extensions.code, JSON.stringify(claim)).toBe('FORBIDDEN');
    }
  });
});

describe('another member’s id', () => {
  it('finds nothing, wherever it is tried', async () => {
    const victim = await aMemberWith(under, 2_000);
    const paid = await under.graph.ask<{ result: { payment: { id: string } } }>(
      PAY,
      { input: { merchantPaymentId: 'victim-1', code: await victim.code(), amount: 200 } },
      under.stores[0]!.token,
    );
    const stranger = await aMember(under);
    const byId = await under.graph.ask<{ payment: unknown }>(
      'query($id: ID!) { payment(id: $id) { amount store { name } } }',
      { id: paid.data.result.payment.id },
      stranger.token,
    );
    expect(byId.data.payment).toBeNull();
    const otherShop = await under.graph.ask<{ payment: unknown }>(
      'query($id: ID!) { payment(id: $id) { amount } }',
      { id: paid.data.result.payment.id },
      under.stores[1]!.token,
    );
    expect(otherShop.data.payment).toBeNull();
  });

  it('finds nothing straight at a subgraph’s entities either', async () => {
    const victim = await aMemberWith(under, 2_000);
    const input = { merchantPaymentId: 'victim-2', code: await victim.code(), amount: 500 };
    await under.graph.ask(PAY, { input }, under.stores[0]!.token);
    const person = {
      mail: 'victim-2@example.com',
      displayName: '被害者',
      password: 'a quiet bay in may',
    };
    const registered = await under.platform.identity.registerMember(person);
    if (isRefused(registered)) throw new Error('the victim can register');
    const stranger = await aMember(under);
    const viewer = (memberId: string) => ({
      kind: 'member' as const,
      memberId,
      scopes: ['wallet', 'points', 'refund'],
      roles: [],
      acr: 'urn:7id:acr:3',
      authTime: 0,
      locale: 'en' as const,
      requestId: 'test',
      clientId: null,
    });
    const ask = async (
      subgraph: string,
      __typename: string,
      id: string,
      fields: string,
      as = stranger.memberId,
    ) => {
      const found = under.platform.subgraphs.find(({ name }) => name === subgraph)!;
      const query = `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${__typename} { ${fields} } } }`;
      return found.execute(
        { query, variables: { representations: [{ __typename, id }] } },
        viewer(as),
      );
    };
    await eventually(async () => {
      const { memberId } = victim;
      const own = await ask('points', 'Member', memberId, 'pointsAccount { balance }', memberId);
      return JSON.stringify(own.data).includes('"balance":2'); // one for 200 yen
    });
    expect((await ask('wallet', 'Wallet', victim.walletId, 'balance')).data?.['_entities']).toEqual(
      [null],
    );
    expect(
      (await ask('wallet', 'Member', victim.memberId, 'wallet { balance }')).data?.['_entities'],
    ).toEqual([{ wallet: null }]);
    expect(
      (await ask('refund', 'Wallet', victim.walletId, 'balanceRefundClaim { amount }')).data?.[
        '_entities'
      ],
    ).toEqual([null]);
    const points = pointsAccountIdOf(victim.memberId);
    expect((await ask('points', 'PointsAccount', points, 'balance')).data?.['_entities']).toEqual([
      null,
    ]);
    expect(
      (await ask('points', 'Member', victim.memberId, 'pointsAccount { balance }')).data?.[
        '_entities'
      ],
    ).toEqual([{ pointsAccount: null }]);
    const seen = await ask('identity', 'Member', registered.memberId, 'displayName');
    expect(seen.data?.['_entities']).toEqual([null]);
  });
});

describe('an amount', () => {
  it.each([
    ['0', 0],
    ['negative', -1],
    ['fractional', 100.5],
    ['1e3 as text', '1e3'],
    ['2^53 + 1', '9007199254740993'],
    ['2^53 + 1 as a number', 2 ** 53 + 1],
    ['full-width digits', '１０００'],
    ['a sign', '+100'],
    ['empty', ''],
    ['null', null],
    ['a list', [100]],
    ['an object', { yen: 100 }],
    ['true', true],
  ])('of %s is refused as bad input, and nothing is written', async (_, amount) => {
    const before = await under.platform.connection.collection('wallet_payments').countDocuments();
    const answer = await under.graph.ask(
      PAY,
      { input: { merchantPaymentId: 'amount-1', code: '1', amount } },
      under.stores[0]!.token,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(await under.platform.connection.collection('wallet_payments').countDocuments()).toBe(
      before,
    );
  });

  it.each(['0', '-5', '1.5', '1e3', '9007199254740993', '"１０００"'])(
    'written as the literal %s is refused',
    async (literal) => {
      const answer = await under.graph.ask(
        `mutation { acceptPayment(input: { merchantPaymentId: "x", code: "1", amount: ${literal} }) { __typename } }`,
        {},
        under.stores[0]!.token,
      );
      expect(answer.errors?.[0]?.extensions.code).toMatch(
        /^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/,
      );
      expect(answer.data ?? null).toBeNull();
    },
  );

  it('over the limit of one payment is refused in words', async () => {
    const answer = await under.graph.ask<{ result: { code: string } }>(
      PAY,
      { input: { merchantPaymentId: 'large-1', code: '1', amount: 100_001 } },
      under.stores[0]!.token,
    );
    expect(answer.data.result.code).toBe('AMOUNT_TOO_LARGE');
  });
});

describe('a caller’s own number', () => {
  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(65)],
    ['of strange characters', 'a b'],
    ['with a newline', 'a\n'],
  ])('that is %s is refused', async (_, merchantPaymentId) => {
    const answer = await under.graph.ask(
      PAY,
      { input: { merchantPaymentId, code: '1', amount: 1 } },
      under.stores[0]!.token,
    );
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('a request', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${under.platform.urls.gateway}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...headers,
      },
      body,
    });

  it.each([
    ['that is not JSON', '{"query"', 400, 'BAD_REQUEST'],
    ['that is empty', '', 400, 'BAD_REQUEST'],
    ['that is a list', '[{"query":"{ __typename }"}]', 400, 'BATCH_NOT_ALLOWED'],
    ['that is null', 'null', 400, 'BAD_REQUEST'],
    ['without a query', '{}', 400, 'BAD_REQUEST'],
    ['with a broken query', '{"query":"{ a"}', 400, 'GRAPHQL_PARSE_FAILED'],
    ['for a field that is not there', '{"query":"{ nothing }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['of 10 MB', `{"query":"${' '.repeat(10_000_000)}"}`, 413, 'PAYLOAD_TOO_LARGE'],
    [
      'of 2,001 tokens',
      `{"query":"{ ${'__typename '.repeat(2_001)} }"}`,
      400,
      'GRAPHQL_PARSE_FAILED',
    ],
    [
      'with 31 aliases',
      `{"query":"{ ${Array.from({ length: 31 }, (_, i) => `a${i}: __typename`).join(' ')} }"}`,
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      '13 levels deep',
      `{"query":"{ stores { nodes { merchant { stores { nodes { merchant { stores { nodes { merchant { stores { nodes { merchant { stores { nodes { id } } } } } } } } } } } } } } }"}`,
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('%s is answered in JSON', async (_, body, status, code) => {
    const response = await post(body);
    expect(response.headers.get('content-type')).toContain('application/graphql-response+json');
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    expect([response.status, errors[0]?.extensions.code]).toEqual([status, code]);
  });

  it('without a JSON content type is refused, so that no form of another site can send one', async () => {
    const response = await post('{"query":"{ __typename }"}', { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
  });

  it('by GET is refused', async () => {
    const response = await fetch(`${under.platform.urls.gateway}/graphql?query={__typename}`);
    expect(response.status).toBe(405);
  });

  it('from another origin gets no permission to be read', async () => {
    const response = await post('{"query":"{ __typename }"}', { origin: 'https://evil.example' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('for a page of 0, 101 or behind a strange cursor is refused', async () => {
    for (const args of ['first: 0', 'first: 101', 'first: 1, after: "x"', 'first: -1']) {
      const answer = await under.graph.ask(`{ stores(${args}) { nodes { id } } }`);
      expect(answer.errors?.[0]?.extensions.code, args).toBe('BAD_USER_INPUT');
    }
  });

  it('behind a forged cursor has an empty page, and never an error inside', async () => {
    const member = await aMemberWith(under, 1_000);
    for (const place of ['x|y', '|', '2019-13-45|pay_1', 'nonsense', '2019-07-01T00:00:00.000Z|']) {
      const after = Buffer.from(`c1.${place}`).toString('base64url');
      const answer = await under.graph.ask<{ wallet: { topUps: { nodes: unknown[] } } }>(
        'query($after: String!) { wallet { topUps(first: 5, after: $after) { nodes { id } } } }',
        { after },
        member.token,
      );
      expect(answer.errors, place).toBeUndefined();
      expect(answer.data.wallet.topUps.nodes, place).toEqual([]);
    }
  });

  it('that fails inside shows no stack, host or cause, but a reference', async () => {
    const { connection } = under.platform;
    await connection.collection('merchant_stores').insertOne({
      _id: 'sto_broken' as never,
      code: 'zzz',
      merchantId: 'mer_none',
      name: 'x',
      address: 'x',
      state: 'SELLING',
      opensOn: '2019-07-01',
    });
    const answer = await under.graph.ask('{ store(id: "sto_broken") { merchant { id } } }');
    await connection.collection('merchant_stores').deleteOne({ _id: 'sto_broken' as never });
    expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer.errors)).not.toMatch(
      /\bat \S+:\d|node_modules|mongo|127\.0\.0\.1|merchant_stores/,
    );
    expect(answer.errors?.[0]?.extensions.reference).toMatch(/^[\w-]{8,64}$/);
  });
});
