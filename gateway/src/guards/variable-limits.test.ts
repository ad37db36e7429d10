import { describe, expect, it } from 'vitest';
import { send } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';
import { faultOfVariables } from './variable-limits.ts';

const limits = { listLength: 3, depth: 2, variableValues: 10 };
const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

describe('variables', () => {
  it.each<[string, unknown, RegExp | undefined]>([
    ['none', {}, undefined],
    ['a list of three', { a: [1, 2, 3] }, undefined],
    ['a list of four', { a: [1, 2, 3, 4] }, /a list has 4 items; at most 3/],
    ['a list of four in an object', { a: { b: [1, 2, 3, 4] } }, /a list has 4 items/],
    ['two levels', { a: nested(2) }, undefined],
    ['three levels', { a: nested(3) }, /at most 2 levels/],
    ['ten thousand levels', { a: nested(10_000) }, /at most 2 levels/],
    ['ten values', { a: [1, 2, 3], b: [1, 2], c: 1, d: 1 }, undefined],
    ['eleven', { a: [1, 2, 3], b: [1, 2, 3], c: 1, d: 1 }, /at most 10 values/],
    ['a text that is long', { a: 'x'.repeat(100_000) }, undefined],
  ])('of %s are judged by their size', (_, variables, fault) => {
    const said = faultOfVariables(variables, limits);
    if (fault) expect(said).toMatch(fault);
    else expect(said).toBeUndefined();
  });

  it('that are too large are refused before anybody is asked', async () => {
    const gateway = await smallGateway();
    const variables = { n: Array.from({ length: 201 }, () => 1) };
    const answer = await send(gateway.port, '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      chunks: [JSON.stringify({ query: 'query($n: String) { hello(name: $n) }', variables })],
    });
    await gateway.stop();
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('BAD_USER_INPUT');
    expect(answer.text).toContain('a list has 201 items');
    expect(gateway.calls).toEqual([]);
  });
});
