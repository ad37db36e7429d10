import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merkleRoot } from './merkle.ts';

const leaves = fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 9 });

describe('a Merkle root', () => {
  it('is another one for any other leaves, order and number included', () => {
    fc.assert(
      fc.property(leaves, leaves, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(merkleRoot(one) === merkleRoot(other)).toBe(same);
      }),
    );
  });

  it('of a node is not that of its leaves', () => {
    expect(merkleRoot([merkleRoot(['a', 'b'])])).not.toBe(merkleRoot(['a', 'b']));
  });

  it('of nothing is that of nothing else', () => {
    expect(merkleRoot([])).not.toBe(merkleRoot(['']));
  });
});
