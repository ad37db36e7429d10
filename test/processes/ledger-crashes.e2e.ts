import { describe, expect, it } from 'vitest';
import { soakLedger } from '../../soak/ledger.ts';

const ROUNDS = 8;

describe('services and database killed under load, with clocks that disagree', () => {
  it('leave exact books, in which every answer is found that was given', async () => {
    const said: string[] = [];
    const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1e9);
    const { findings } = await soakLedger({
      rounds: ROUNDS,
      seed,
      say: (line) => void said.push(line),
    });
    expect(findings).toEqual([]);
    const answers = Number(/(\d+) answers/.exec(said.join('\n'))?.[1]);
    expect(answers, `seed ${seed}`).toBeGreaterThan(ROUNDS * 20);
  }, 300_000);
});
