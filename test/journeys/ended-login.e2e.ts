import { randomIds } from '@7pay/ids';
import { eventually } from '@7pay/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anotherGateway } from '../support/another-gateway.ts';
import { type Graph, graphAt } from '../support/graph.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';

const SWITCH = 'login.external.kumo';
const closing: (() => Promise<unknown>)[] = [];
let under: PlatformUnderTest;
/** Two gateways, each of which follows the switches by itself. */
let gateways: readonly Graph[];
let operators: readonly string[];

beforeAll(async () => {
  under = await platformUnderTest('ended_login');
  closing.push(() => under.stop());
  const other = await anotherGateway(under);
  closing.push(() => other.stop());
  gateways = [graphAt(under.platform.urls.gateway), graphAt(other.url)];
  operators = await Promise.all([1, 2].map(() => under.mint.operator(randomIds.next('mem'))));
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

const now = () => Math.floor(Date.now() / 1_000);
const byKumo = (authTime: number, claims: Record<string, unknown> = {}) =>
  under.mint.member('mem_kumo', { amr: ['fed:kumo', 'pop'], auth_time: authTime, ...claims });
const statuses = (token: string) =>
  Promise.all(gateways.map(async (each) => (await each.ask('{ me { id } }', {}, token)).status));
const flip = async (mutation: string, by: string) => {
  const { data } = await under.graph.ask<{ result: { __typename: string } }>(mutation, {}, by);
  return data.result.__typename;
};
const CLOSE = `mutation { result: closeSwitch(input: { key: "${SWITCH}", reasonJa: "調査", reasonEn: "test" }) { __typename } }`;
const OPEN = `mutation { result: openSwitch(input: { key: "${SWITCH}" }) { __typename } }`;

describe('a token that is out when the provider of its login is stopped', () => {
  it('is refused by every gateway, and stays so after the reopening; others notice nothing', async () => {
    const [first = '', second = ''] = operators;
    const token = await byKumo(now() - 60);
    const byPassword = await under.mint.member('mem_other', { amr: ['pwd', 'otp'] });
    const byNami = await under.mint.member('mem_nami', { amr: ['fed:nami', 'pop'] });
    expect(await statuses(token)).toEqual([200, 200]); // and is kept by both as verified

    expect(await flip(CLOSE, first)).toBe('SwitchClosed');
    const start = performance.now();
    await eventually(async () => (await statuses(token)).every((status) => status === 401));
    const tookMs = performance.now() - start;
    // A figure for whoever reads the run: that it is refused decides, not how soon.
    process.stdout.write(`two gateways refuse after ${tookMs.toFixed(0)} ms (aim 1000)\n`);
    expect(await statuses(byPassword)).toEqual([200, 200]);
    expect(await statuses(byNami)).toEqual([200, 200]);
    expect(await statuses(under.stores[0]?.token ?? '')).toEqual([200, 200]);

    expect(await flip(OPEN, first)).toBe('ReopeningProposed');
    expect(await flip(OPEN, second)).toBe('SwitchOpened');
    const made = await byKumo(now() + 5); // a login after the reopening, by the clock of 7iD
    await eventually(async () => (await statuses(made)).every((status) => status === 200));
    expect(await statuses(token)).toEqual([401, 401]);
    // Of a 7iD whose clock is ahead, the generation tells that the token was issued before.
    expect(await statuses(await byKumo(now() + 5, { gen: 1 }))).toEqual([401, 401]);
    const { generation } = under.platform.controls.look(SWITCH);
    expect(await statuses(await byKumo(now() + 5, { gen: generation }))).toEqual([200, 200]);
  });

  it('is told so as any token that does not hold', async () => {
    const response = await fetch(`${under.platform.urls.gateway}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await byKumo(1)}`,
      },
      body: '{"query":"{ me { id } }"}',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });
});
