import { createHash } from 'node:crypto';

const hash = (prefix: string, ...parts: string[]): string =>
  createHash('sha256').update(prefix).update(parts.join(' ')).digest('base64url');

/**
 * The root of a Merkle tree over texts, in their order. Leaves and nodes are told apart, so that no node can pass for
 * a leaf (as in RFC 6962 §2.1); a node without a partner is taken up as it is.
 */
export function merkleRoot(leaves: readonly string[]): string {
  if (leaves.length === 0) return hash('empty');
  let level = leaves.map((leaf) => hash('leaf ', leaf));
  while (level.length > 1) {
    const above: string[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const left = level[at]!;
      const right = level[at + 1];
      above.push(right === undefined ? left : hash('node ', left, right));
    }
    level = above;
  }
  return level[0]!;
}
