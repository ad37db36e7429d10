import { describe, expect, it, vi } from 'vitest';
import { graphClient, type GraphFault, operation } from './graph-client.ts';
import { bearerSender } from './send.ts';

const balance = operation<{ wallet: { balance: number } | null; extra: string | null }>(
  'query Balance { wallet { balance } extra }',
  ['extra'],
);
const pay = operation<{ pay: { id: string } }, { amount: number }>(
  'mutation Pay($amount: Yen!) { pay(amount: $amount) { id } }',
);

const answering = (status: number, body: unknown) =>
  vi.fn<typeof fetch>(async () => new Response(JSON.stringify(body), { status }));
const error = (code: string, path?: (string | number)[]) => ({
  message: 'x',
  path,
  extensions: { code, reference: 'req_1' },
});
const client = (
  send: typeof fetch,
  more: { timeoutMs?: number; onUnauthenticated?: () => void } = {},
) =>
  graphClient({
    url: '/graphql',
    sender: bearerSender(async () => 'token-1', send),
    locale: () => 'ja',
    ...more,
  });
const faultOf = async (send: typeof fetch, asked: typeof balance | typeof pay) => {
  const answer =
    asked === balance ? await client(send)(balance, {}) : await client(send)(pay, { amount: 1 });
  return 'fault' in answer ? answer.fault : null;
};

describe('an operation', () => {
  it('has a kind and a name', () => {
    expect([pay.kind, pay.name]).toEqual(['mutation', 'Pay']);
  });

  it('without a name is refused', () => {
    expect(() => operation('{ wallet { balance } }')).toThrow(/name/);
  });
});

describe('the graph client', () => {
  it('sends the name, the text, the token and the language, and gives the data', async () => {
    const send = answering(200, { data: { wallet: { balance: 5 }, extra: 'a' } });
    const answer = await client(send)(balance, {});
    expect(answer).toEqual({ data: { wallet: { balance: 5 }, extra: 'a' }, partial: false });
    const [url, request] = send.mock.calls[0] ?? [];
    expect(url).toBe('/graphql');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'content-type': 'application/json',
      'accept-language': 'ja',
    });
    expect(JSON.parse(String(request?.body))).toMatchObject({ operationName: 'Balance' });
  });

  it('sends no token where none is wanted', async () => {
    const send = answering(200, { data: { wallet: null, extra: null } });
    vi.stubGlobal('fetch', send);
    await client(vi.fn())(balance, {}, { anonymous: true });
    vi.unstubAllGlobals();
    expect(send.mock.calls[0]?.[1]?.headers).not.toHaveProperty('authorization');
  });

  it('does not take a root that failed for one that is not there', async () => {
    const body = { data: { wallet: null, extra: 'a' }, errors: [error('INTERNAL', ['wallet'])] };
    expect(await faultOf(answering(200, body), balance)).toEqual<GraphFault>({
      kind: 'FAILED',
      code: 'INTERNAL',
      reference: 'req_1',
    });
  });

  it('gives the rest when an optional root failed', async () => {
    const body = {
      data: { wallet: { balance: 5 }, extra: null },
      errors: [error('UNAVAILABLE', ['extra'])],
    };
    expect(await client(answering(200, body))(balance, {})).toMatchObject({
      data: { wallet: { balance: 5 } },
      partial: true,
    });
  });

  it.each([
    ['a query', balance, 'UNREACHABLE'],
    ['a mutation', pay, 'UNKNOWN_OUTCOME'],
  ] as const)('after a lost answer to %s says %s', async (_, asked, kind) => {
    const send = vi.fn<typeof fetch>(async () => {
      throw new TypeError('network');
    });
    expect((await faultOf(send, asked))?.kind).toBe(kind);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('gives up after its time, and the outcome of a mutation is unknown', async () => {
    const send = vi.fn<typeof fetch>(
      (_, request) =>
        new Promise((_resolve, reject) => {
          request?.signal?.addEventListener('abort', () => reject(new DOMException('late')));
        }),
    );
    const answer = await client(send, { timeoutMs: 20 })(pay, { amount: 1 });
    expect(answer).toMatchObject({ fault: { kind: 'UNKNOWN_OUTCOME' } });
  });

  it.each([
    ['UNAUTHENTICATED', 'REFUSED'],
    ['FORBIDDEN', 'REFUSED'],
    ['BAD_USER_INPUT', 'REFUSED'],
    ['RATE_LIMITED', 'REFUSED'],
    ['GRAPHQL_VALIDATION_FAILED', 'REFUSED'],
    ['INTERNAL', 'UNKNOWN_OUTCOME'],
    ['UNAVAILABLE', 'UNKNOWN_OUTCOME'],
    ['SOMETHING_NEW', 'UNKNOWN_OUTCOME'],
  ] as const)('takes %s of a mutation for %s', async (code, kind) => {
    const body = { data: null, errors: [error(code, ['pay'])] };
    expect((await faultOf(answering(200, body), pay))?.kind).toBe(kind);
  });

  it('takes a mutation that failed below its root for one that may have run', async () => {
    const body = { data: null, errors: [error('FORBIDDEN', ['pay', 'store'])] };
    expect((await faultOf(answering(200, body), pay))?.kind).toBe('UNKNOWN_OUTCOME');
  });

  it.each([
    [401, 'REFUSED', 'UNAUTHENTICATED'],
    [429, 'REFUSED', 'RATE_LIMITED'],
    [413, 'REFUSED', 'BAD_REQUEST'],
    [502, 'UNKNOWN_OUTCOME', 'UNAVAILABLE'],
  ] as const)('reads the status %i without a graph answer as %s %s', async (status, kind, code) => {
    const send = vi.fn<typeof fetch>(async () => new Response('<html>', { status }));
    expect(await faultOf(send, pay)).toMatchObject({ kind, code });
  });

  it('tells the session when the token is not taken', async () => {
    const hear = vi.fn();
    const body = { data: null, errors: [error('UNAUTHENTICATED')] };
    await client(answering(200, body), { onUnauthenticated: hear })(balance, {});
    expect(hear).toHaveBeenCalledOnce();
  });
});
