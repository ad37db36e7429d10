import { describe, expect, it } from 'vitest';
import { send } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';

describe('GET, where an audit asks for it', () => {
  const byGet = async (parameters: Record<string, string>) => {
    const audited = await smallGateway({ queriesByGet: true });
    const text = new URLSearchParams(parameters).toString();
    const answer = await send(audited.port, `/graphql?${text}`, { method: 'GET' });
    await audited.stop();
    return { status: answer.status, text: answer.text, calls: audited.calls.length };
  };

  it('answers a query with its variables', async () => {
    const query = 'query($n: String) { hello(name: $n) }';
    expect(await byGet({ query, variables: '{"n":"x"}' })).toEqual({
      status: 200,
      text: '{"data":{"hello":"hello"}}',
      calls: 1,
    });
  });

  it.each([
    ['a mutation', { query: 'mutation { rename(id: 1, name: "x") }' }, 405],
    [
      'a mutation beside a query',
      { query: 'query A { hello } mutation B { rename(id: 1, name: "x") }', operationName: 'A' },
      405,
    ],
    ['variables that are no JSON', { query: '{ hello }', variables: '{' }, 400],
    ['no query', {}, 400],
  ])('refuses %s', async (_, parameters, status) => {
    expect(await byGet(parameters)).toMatchObject({ status, calls: 0 });
  });
});
