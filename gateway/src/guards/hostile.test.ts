import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';

let gateway: Awaited<ReturnType<typeof smallGateway>>;
beforeAll(async () => {
  gateway = await smallGateway();
  await ask('{ hello }');
});
afterAll(() => gateway.stop());

interface Fault {
  message: string;
  extensions: Record<string, unknown>;
}
async function post(text: string) {
  const start = performance.now();
  const { status, text: said } = await send(gateway.port, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    chunks: [text],
  });
  const milliseconds = performance.now() - start;
  const { errors = [], data } = JSON.parse(said) as { errors?: Fault[]; data?: unknown };
  return { status, errors, data, milliseconds };
}
const ask = (query: string, variables: Record<string, unknown> = {}) =>
  post(JSON.stringify({ query, variables }));
const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const deep = (levels: number): string =>
  levels === 0 ? '{ nodes { id } }' : `{ nodes { friends(first: 1) ${deep(levels - 1)} } }`;

describe('a hostile document', () => {
  const bomb = times(40, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
  it.each([
    ['of 300 aliases', `{ ${times(300, (n) => `a${n}: hello`)} }`, /300 aliases/],
    ['of 2,000 aliases', `{ ${times(2_000, (n) => `a${n}: hello`)} }`, /token/i],
    [
      'of 330 aliases, just under the tokens',
      `{ ${times(330, (n) => `a${n}: hello`)} }`,
      /330 aliases/,
    ],
    ['of fragments that double', `{ ...F0 } ${bomb} fragment F40 on Query { hello }`, /fields/],
    ['of fragments that double to one that is not there', `{ ...F0 } ${bomb}`, /fields/],
    [
      'of fragments in a circle',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      /Cannot spread/,
    ],
    ['of 50 levels', `{ people(first: 1) ${deep(25)} }`, /levels deep/],
    ['of 900 equal fields', `{ ${'hello '.repeat(900)} }`, /fields/],
    [
      'with an alias named __proto__ and 30 others',
      `{ __proto__: hello ${times(30, (n) => `a${n}: hello`)} }`,
      /31 aliases/,
    ],
    ['of directives', `{ hello ${'@include(if: true) '.repeat(51)} }`, /51 directives/],
    ['of brackets', `{ hello(name: ${'['.repeat(400)}${']'.repeat(400)}) }`, /./],
  ])('%s is refused before anything is planned', async (what, text, message) => {
    const before = gateway.calls.length;
    const { status, errors, data, milliseconds } = await ask(text);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors[0]?.message).toMatch(message);
    expect(gateway.calls).toHaveLength(before);
    process.stdout.write(`${what}: ${milliseconds.toFixed(1)} ms\n`);
  });

  it('that asks for pages in pages in pages is too costly, and told by how much', async () => {
    const text = `query($n: Int!) { people(first: $n) { nodes { friends(first: $n) { nodes { friends { nodes { id } } } } } } }`;
    const { status, errors } = await ask(text, { n: 100 });
    expect(status).toBe(400);
    expect(errors).toEqual([
      {
        message: 'The operation can cost 220201; at most 1500 is allowed.',
        extensions: { code: 'QUERY_TOO_COSTLY', cost: 220_201, limit: 1_500 },
      },
    ]);
    expect((await ask(text, { n: 5 })).errors.map((each) => each.extensions['code'])).not.toContain(
      'QUERY_TOO_COSTLY',
    );
  });

  it('in a list, with a key twice, or of 10 MB of spaces does not get that far', async () => {
    const before = gateway.calls.length;
    const batch = await post(
      JSON.stringify(Array.from({ length: 100 }, () => ({ query: '{ hello }' }))),
    );
    expect([batch.status, batch.errors[0]?.extensions['code']]).toEqual([400, 'BATCH_NOT_ALLOWED']);
    expect((await post('{"query":"{ hello }","query":"{ me { id } }"}')).status).toBe(400);
    const large = await post(' '.repeat(10_000_000)).catch((error: NodeJS.ErrnoException) => error);
    // A client that goes on sending after it was refused may not get to read why.
    if (large instanceof Error) expect(large.code).toMatch(/^(EPIPE|ECONNRESET)$/);
    else expect(large.status).toBe(413);
    expect(gateway.calls).toHaveLength(before);
    expect((await ask('{ hello }')).data).toEqual({ hello: 'hello' });
  });

  it('whose names are those of inherited members is an ordinary document', async () => {
    const { data } = await ask('{ __proto__: hello constructor: hello }');
    expect(Object.keys(data as object)).toEqual(['__proto__', 'constructor']);
  });
});
