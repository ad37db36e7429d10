import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairQueue, type Place } from './fair-queue.ts';

const at = (rank: number, lane: string): Place => ({ rank, lane });
const drain = (queue: ReturnType<typeof fairQueue<string>>) =>
  Array.from({ length: queue.size }, () => queue.shift());

describe('a fair queue', () => {
  it('serves the better rank first, and within one the lanes in turn', () => {
    const queue = fairQueue<string>(10);
    for (const item of ['flood 1', 'flood 2', 'flood 3']) queue.push(item, at(3, 'flood'));
    for (const item of ['a 1', 'a 2', 'a 3']) queue.push(item, at(1, 'a'));
    queue.push('b 1', at(1, 'b'));
    expect(drain(queue)).toEqual(['a 1', 'b 1', 'a 2', 'a 3', 'flood 1', 'flood 2', 'flood 3']);
    expect(queue.shift()).toBeUndefined();
  });

  it('gives out nothing of a rank after the last that is asked for', () => {
    const queue = fairQueue<string>(10);
    queue.push('flood', at(3, 'flood'));
    expect(queue.shift(1)).toBeUndefined();
    queue.push('member', at(1, 'home'));
    expect([queue.shift(1), queue.shift(1), queue.shift()]).toEqual(['member', undefined, 'flood']);
  });

  it('lets the newest of the longest lane go when it is full', () => {
    const queue = fairQueue<string>(3);
    for (const item of ['a 1', 'a 2', 'b 1'])
      expect(queue.push(item, at(1, item[0]!))).toBe(undefined);
    expect(queue.push('c 1', at(1, 'c'))).toBe('a 2');
    expect(queue.push('b 2', at(1, 'b'))).toBe('b 2'); // nobody has more than it would have
    expect(drain(queue)).toEqual(['a 1', 'b 1', 'c 1']);
  });

  it('lets the worse rank go, and never the better one', () => {
    const queue = fairQueue<string>(2);
    queue.push('flood 1', at(3, 'a'));
    queue.push('flood 2', at(3, 'b'));
    expect(queue.hasRoom(at(3, 'c'))).toBe(false);
    expect(queue.hasRoom(at(1, 'member'))).toBe(true);
    expect(queue.push('member', at(1, 'member'))).toBe('flood 1');
    expect(queue.push('known', at(0, 'known'))).toBe('flood 2');
    expect(queue.push('flood 3', at(3, 'c'))).toBe('flood 3');
    expect(drain(queue)).toEqual(['known', 'member']);
  });

  it('has no more than it may, keeps what it does not give back, and serves each once', () => {
    const pieces = fc.array(fc.tuple(fc.nat(3), fc.constantFrom('a', 'b', 'c', 'd')), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 8 }), (asked, most) => {
        const queue = fairQueue<number>(most);
        const kept = new Set<number>();
        for (const [index, [rank, lane]] of asked.entries()) {
          const room = queue.hasRoom({ rank, lane });
          const goes = queue.push(index, { rank, lane });
          expect(goes !== index).toBe(room);
          kept.add(index);
          if (goes !== undefined) kept.delete(goes);
          if (index % 5 === 4) {
            const served = queue.shift();
            expect(kept.delete(served!)).toBe(true);
          }
          if (index % 7 === 6) {
            const [some] = kept;
            if (some !== undefined) queue.remove(some);
            kept.delete(some!);
          }
          expect(queue.size).toBe(kept.size);
          expect(queue.size).toBeLessThanOrEqual(most);
        }
        expect(new Set(queue.empty())).toEqual(kept);
        expect(queue.shift()).toBeUndefined();
      }),
    );
  });
});
