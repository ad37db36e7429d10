import { describe, expect, it } from 'vitest';
import { auditHash, CHAIN_START, eventFaults, LIKE_A_PERSON, placeEvent } from './audit-event.ts';

const at = new Date('2019-07-03T00:00:00Z');
const unplaced = (id: string) => ({
  id,
  at,
  kind: 'LOGIN_REFUSED' as const,
  facts: { reason: 'UNKNOWN_ID', network: 'as:64500', newNetwork: true },
});

describe('an event of the record', () => {
  it('follows the one before it, and holds its digest', () => {
    const first = placeEvent(unplaced('aud_1'), 3, CHAIN_START);
    const second = placeEvent(unplaced('aud_2'), 3, first);
    expect([first.n, second.n, second.prev]).toEqual([1, 2, first.hash]);
    expect([...eventFaults(first, CHAIN_START), ...eventFaults(second, first)]).toEqual([]);
  });

  it.each([
    ['its id', { id: 'aud_9' }],
    ['its chain', { chain: 4 }],
    ['its place', { n: 2 }],
    ['its time', { at: new Date(at.getTime() + 1) }],
    ['its kind', { kind: 'LOGIN_MADE' as const }],
    ['a fact', { facts: { ...unplaced('').facts, newNetwork: false } }],
    ['a fact more', { facts: { ...unplaced('').facts, country: 'JP' } }],
    ['the one before', { prev: 'x' }],
  ])('has another digest when %s is another', (_, change) => {
    const event = placeEvent(unplaced('aud_1'), 3, CHAIN_START);
    expect(auditHash({ ...event, ...change })).not.toBe(event.hash);
    expect(eventFaults({ ...event, ...change }, CHAIN_START)).not.toEqual([]);
  });

  it.each([
    ['a mail address', { memberId: 'hana@example.jp' }],
    ['an address of the internet', { network: '203.0.113.7' }],
    ['one of the new kind', { network: '2001:db8::1' }],
    ['a name', { actor: '山田 花子' }],
    ['a mail address in a reason', { note: 'asked by hana@example.jp' }],
    ['a telephone in a reason', { note: 'called 090-1234-5678' }],
  ])('is not made with %s', (_, facts) => {
    expect(() => placeEvent({ ...unplaced('aud_1'), facts }, 0, CHAIN_START)).toThrow();
  });

  it('may name a case in its reason', () => {
    expect(LIKE_A_PERSON.test('CASE-20190703 不正利用の調査')).toBe(false);
  });
});
