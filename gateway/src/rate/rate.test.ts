import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { GATEWAY_LIMITS } from '../config.ts';
import { deadlineIn } from '../reach/deadline.ts';
import { anonymousViewer, memberViewer } from '../testing/viewers.ts';
import { addressOf } from './address-of.ts';
import { bucketsInMemory } from './buckets.ts';
import { RATE_LIMITS } from './rate-limits.ts';
import { spendByCaller } from './spend-by-caller.ts';

const RATE = { burst: 100, perSecond: 10 };

describe('a bucket', () => {
  it('gives what it holds, then refuses, and says when to come back', () => {
    let now = 0;
    const buckets = bucketsInMemory(() => now);
    const ask = (cost: number) => buckets.spend('a', RATE, cost).retryAfterSeconds;
    expect([ask(60), ask(40)]).toEqual([undefined, undefined]);
    expect(ask(25)).toBe(3);
    now = 2_400;
    expect(ask(25)).toBe(1);
    now = 2_500;
    expect(ask(25)).toBeUndefined();
    expect(ask(1)).toBe(1);
    now = 1_000_000;
    expect([ask(100), ask(1)]).toEqual([undefined, 1]); // never more than full
  });

  it('takes nothing for what it refuses, at least one for what costs nothing, all of it for what costs more', () => {
    let now = 0;
    const buckets = bucketsInMemory(() => now);
    const ask = (cost: number) => buckets.spend('a', RATE, cost).retryAfterSeconds;
    for (let n = 0; n < 100; n += 1) expect(ask(0)).toBeUndefined();
    expect(ask(0)).toBe(1);
    for (let n = 0; n < 50; n += 1) expect(ask(1_000)).toBe(10);
    now = 10_000;
    expect(ask(1_000)).toBeUndefined();
    now = 5_000; // a clock that goes back
    expect(ask(1)).toBe(1);
  });

  it('is one per name, and they are only so many', () => {
    const buckets = bucketsInMemory(() => 0, 2);
    const ask = (name: string) => buckets.spend(name, RATE, 100).retryAfterSeconds;
    expect([ask('a'), ask('b'), ask('a'), ask('b')]).toEqual([undefined, undefined, 10, 10]);
    expect(ask('c')).toBeUndefined(); // and `a`, used longest ago, is forgotten
    expect([ask('b'), ask('a')]).toEqual([10, undefined]);
  });
});

describe('a caller', () => {
  const someone = (viewer = memberViewer('mem_1', 'app'), address = '192.0.2.1') => ({
    viewer,
    address,
    requestId: 'r',
    deadline: deadlineIn(1_000),
  });
  const { mutation } = RATE_LIMITS.rates.member;

  function exhausted() {
    const spend = spendByCaller(
      bucketsInMemory(() => 0),
      RATE_LIMITS,
    );
    spend(someone(), { kind: 'mutation', cost: mutation.burst });
    return (context = someone(), kind: 'query' | 'mutation' = 'mutation') => {
      try {
        spend(context, { kind, cost: 10 });
        return 'fine';
      } catch (error) {
        return (error as GraphQLError).extensions;
      }
    };
  }

  it('that has spent all is refused by code, with the seconds to wait', () => {
    expect(exhausted()()).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
  });

  it('is a member by a client, wherever it asks from; queries are another matter', () => {
    const ask = exhausted();
    expect(ask(someone(memberViewer('mem_1', 'app'), '198.51.100.7'))).not.toBe('fine');
    expect(ask(someone(), 'query')).toBe('fine');
    expect(ask(someone(memberViewer('mem_2', 'app')))).toBe('fine');
    expect(ask(someone(memberViewer('mem_1', 'other')))).toBe('fine');
    expect(ask(someone(anonymousViewer()))).toBe('fine');
  });

  it('that is nobody is its address', () => {
    const spend = spendByCaller(
      bucketsInMemory(() => 0),
      RATE_LIMITS,
    );
    const nobody = (address: string) => someone(anonymousViewer() as never, address);
    const { burst } = RATE_LIMITS.rates.anonymous.query;
    spend(nobody('192.0.2.1'), { kind: 'query', cost: burst });
    expect(() => spend(nobody('192.0.2.1'), { kind: 'query', cost: 1 })).toThrow(GraphQLError);
    expect(() => spend(nobody('192.0.2.2'), { kind: 'query', cost: burst })).not.toThrow();
  });

  it('may always afford one operation of the highest cost', () => {
    for (const { query } of Object.values(RATE_LIMITS.rates)) {
      expect(query.burst).toBeGreaterThanOrEqual(GATEWAY_LIMITS.cost);
    }
  });
});

describe('the address of a request', () => {
  const from = (remoteAddress: string | undefined, forwarded?: string, proxies = 0) =>
    addressOf(
      {
        socket: { remoteAddress },
        headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      } as unknown as IncomingMessage,
      proxies,
    );

  it.each([
    ['is that of the connection', from('192.0.2.1'), '192.0.2.1'],
    ['in IPv6 clothes is the same', from('::ffff:192.0.2.1'), '192.0.2.1'],
    ['of IPv6 is its network', from('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2'],
    ['of IPv6 may be written short', from('2001:db8::1'), '2001:db8:0:0'],
    ['of this host is one', from('::1'), '0:0:0:0'],
    ['is not what the client says', from('192.0.2.1', '10.0.0.1'), '192.0.2.1'],
    ['behind a proxy is what it has seen', from('10.0.0.1', '1.1.1.1, 192.0.2.9', 1), '192.0.2.9'],
    [
      'behind two is what the first has seen',
      from('10.0.0.1', '9.9.9.9, 192.0.2.9, 10.0.0.2', 2),
      '192.0.2.9',
    ],
    ['that is none is not believed', from('192.0.2.1', 'x', 1), '192.0.2.1'],
    ['that nobody has seen is the connection', from('192.0.2.1', '9.9.9.9', 2), '192.0.2.1'],
    ['may be missing', from(undefined), 'unknown'],
  ])('%s', (_, address, expected) => {
    expect(address).toBe(expected);
  });
});
