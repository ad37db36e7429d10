import { judge, type LoginSnapshot } from '@7pay/controls';
import { type Figure, told } from './report.ts';

const TIMES = 20_000;

/** The pure function that stands in each request of a gateway and each step of 7iD. */
export function costOfTheGate(): Figure[] {
  const open = { state: 'OPEN' as const, since: new Date(0) };
  const facts = { amr: ['pwd'], atSeconds: 1_000, generation: 1, clientId: 'app', network: 'as:1' };
  const cohort = { methods: [], clients: ['app'], countries: ['XX'], from: null, until: null };
  const cutOff = {
    id: 'cut',
    state: 'ACTIVE',
    cohort: { ...cohort, providers: [], networks: [] },
    effects: ['END_LOGINS'],
    scopes: [],
    cutAt: new Date(2_000_000),
    generation: 2,
    expiresAt: null,
    reason: null,
  };
  return [0, 200].map((count) => {
    const snapshot = {
      look: () => open,
      cutOffs: Array.from({ length: count }, () => cutOff),
      now: new Date(3_000_000),
    } as unknown as LoginSnapshot; // cut-offs as far as they are looked at
    for (let turn = 0; turn < TIMES; turn += 1) judge(facts, snapshot); // warms up
    const start = performance.now();
    for (let turn = 0; turn < TIMES; turn += 1) judge(facts, snapshot);
    const each = ((performance.now() - start) * 1_000) / TIMES;
    return told(`the gate: one judgement beside ${count} cut-offs`, each, 'µs');
  });
}
