import { expect, it } from 'vitest';
import { askDistinctOperations } from './distinct-operations.ts';

const OPERATIONS = 2_000;
// What is kept of one operation takes more than ten times as much.
const BYTES_OF_EACH_MOST = 2_000;

it('operations of which none is like another leave nothing behind, once what has a limit is full', async () => {
  const { wrong, heap } = await askDistinctOperations({ before: 2_200, operations: OPERATIONS });
  expect(wrong).toEqual([]);
  const [first = 0] = heap;
  const left = ((heap.at(-1) ?? 0) - first) / (OPERATIONS * 0.9);
  process.stdout.write(
    `${left.toFixed(0)} bytes left behind by each of ${OPERATIONS} operations\n`,
  );
  expect(left).toBeLessThan(BYTES_OF_EACH_MOST);
}, 120_000);
