import { describe, expect, it } from 'vitest';
import { ANYBODY } from '../executor/testing/driver.ts';
import { scripted } from '../executor/testing/watched-reach.ts';
import { deadlineIn } from './deadline.ts';
import { SubgraphUnavailable } from './reach.ts';
import { reachSource } from './reach-source.ts';

async function process(query: string, answer: () => unknown = () => ({ data: {} })) {
  const reach = scripted({ wallet: answer });
  const deadline = deadlineIn(1_000);
  const context = { viewer: ANYBODY, requestId: 'request-1', deadline };
  const options = { request: { query, variables: { a: 1 } }, context };
  const answered = await reachSource('wallet', reach).process(options as never);
  deadline.clientGone();
  deadline.close();
  return { answered, call: reach.calls[0] };
}

describe('the calls of Apollo’s executor', () => {
  it.each([
    ['{wallet{id}}', 'query'],
    ['query Q($a:Int){wallet{id}}', 'query'],
    ['mutation{pay{id}}', 'mutation'],
    ['mutation Q__wallet__0($a:Int){pay{id}}', 'mutation'],
  ])('%s is a %s, and goes on without its client', async (query, kind) => {
    const { call } = await process(query);
    expect(call).toMatchObject({ kind, viewer: ANYBODY, request: { query, variables: { a: 1 } } });
    expect(call?.deadline.ending).toBeUndefined();
  });

  it('fail with a code and a reference', async () => {
    const unavailable = process('{a}', () => Promise.reject(new SubgraphUnavailable('10.0.0.7')));
    await expect(unavailable).rejects.toMatchObject({
      message: expect.stringMatching(/応答できません/),
      extensions: { code: 'UNAVAILABLE', reference: 'request-1' },
    });
  });
});
