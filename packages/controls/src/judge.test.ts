import { describe, expect, it } from 'vitest';
import { type Cohort, cohortSchema, isIn } from './cohort.ts';
import { aCutOff, type CutOff, isSpent, peopleFor } from './cut-off.ts';
import { judge, resetsSince } from './judge.ts';
import type { LoginFacts } from './login-facts.ts';

const at = (seconds: number) => new Date(seconds * 1_000);
const open = { state: 'OPEN' as const, since: at(0) };
const ended = (
  facts: LoginFacts,
  look: (key: string) => typeof open | { state: 'CLOSED'; since: Date },
) => !judge(facts, { look, cutOffs: [], now: at(1_000) }).holds;

describe('a login by an external ID', () => {
  it.each([
    ['holds while nothing was stopped', { 'login.external.kumo': open }, false],
    [
      'ends while its provider is closed',
      { 'login.external.kumo': { state: 'CLOSED' as const, since: at(10) } },
      true,
    ],
    [
      'ends while all are closed',
      { 'login.external': { state: 'CLOSED' as const, since: at(10) } },
      true,
    ],
    [
      'holds while another provider is closed',
      { 'login.external.nami': { state: 'CLOSED' as const, since: at(10) } },
      false,
    ],
    [
      'stays ended after a reopening',
      { 'login.external.kumo': { state: 'OPEN' as const, since: at(200) } },
      true,
    ],
    [
      'stays ended in the second of a reopening',
      { 'login.external.kumo': { state: 'OPEN' as const, since: new Date(100_900) } },
      true,
    ],
    [
      'holds when made after a reopening',
      { 'login.external.kumo': { state: 'OPEN' as const, since: at(50) } },
      false,
    ],
  ])('%s', (_, switches, expected) => {
    const look = (key: string) => (switches as Record<string, typeof open>)[key] ?? open;
    expect(ended({ amr: ['fed:kumo', 'pop'], atSeconds: 100 }, look)).toBe(expected);
  });

  it.each([
    ['moved after the token was issued', 7, true],
    ['moved when the token was issued, or before', 8, false],
    ['moved when nobody knows', undefined, false],
  ])('whose switch %s, by its generation, whatever the clocks say', (_, generation, expected) => {
    const look = () => ({ ...open, generation: 8 });
    expect(ended({ amr: ['fed:kumo'], atSeconds: 100, generation }, look)).toBe(expected);
  });

  it('is not made by a password or a passkey', () => {
    const closed = () => ({ state: 'CLOSED' as const, since: at(10) });
    expect(ended({ amr: ['pwd'], atSeconds: 1 }, closed)).toBe(false);
    expect(ended({ amr: undefined, atSeconds: undefined }, closed)).toBe(false);
  });
});

describe('a cut-off', () => {
  const facts: LoginFacts = {
    amr: ['fed:kumo'],
    atSeconds: 100,
    generation: 5,
    clientId: 'seven-eleven-app',
    network: 'as:64500',
    country: 'JP',
  };
  const cut = (told: Partial<CutOff> = {}) => aCutOff({ cutAt: at(200), generation: 8, ...told });
  const of = (cohort: object) => ({ cohort: cohortSchema.parse(cohort) });
  const verdict = (cutOff: CutOff, told: Partial<LoginFacts> = {}, now = at(300)) =>
    judge({ ...facts, ...told }, { look: () => open, cutOffs: [cutOff], now });
  const NEW = { atSeconds: 250, generation: 9 };
  const TILL = { amr: undefined, clientId: 'terminal-1', isClientsOwn: true };

  it.each<[string, Partial<CutOff>, Partial<LoginFacts>, boolean]>([
    ['through everybody ends what was made before', {}, {}, false],
    ['lets a login pass that was made after', {}, NEW, true],
    ['ends a login of its very second', {}, { atSeconds: 200, generation: 9 }, false],
    ['ends by generation what a clock dates after it', {}, { atSeconds: 250 }, false],
    ['that is only proposed does nothing', { state: 'PROPOSED' }, {}, true],
    ['that was cancelled does nothing', { state: 'CANCELLED' }, {}, true],
    ['that ends logins does not expire', { expiresAt: at(299) }, {}, false],
    ['that blocks leaves what was made before', { effects: ['BLOCK_NEW'] }, {}, true],
    ['that blocks refuses new ones', { effects: ['BLOCK_NEW'] }, NEW, false],
    [
      'that blocks refuses by generation what a clock dates before it',
      { effects: ['BLOCK_NEW'] },
      { atSeconds: 150, generation: 9, madeIn: 8 },
      false,
    ],
    [
      'that blocks leaves what was made before, whenever its token was issued',
      { effects: ['BLOCK_NEW'] },
      { generation: 9, madeIn: 7 },
      true,
    ],
    [
      'that blocks leaves what was made nobody knows in which generation',
      { effects: ['BLOCK_NEW'] },
      { generation: 9 },
      true,
    ],
    ['that blocks expires', { effects: ['BLOCK_NEW'], expiresAt: at(300) }, NEW, true],
    ['that resets passwords ends no login', { effects: ['RESET_PASSWORD'] }, {}, true],
    ['by provider', of({ providers: ['kumo'] }), {}, false],
    ['by another provider', of({ providers: ['nami'] }), {}, true],
    ['by method', of({ methods: ['EXTERNAL'] }), {}, false],
    ['by another method', of({ methods: ['PASSWORD', 'PASSKEY'] }), {}, true],
    ['by client', of({ clients: ['a', 'seven-eleven-app'] }), {}, false],
    ['by client', of({ clients: ['a'] }), {}, true],
    ['by the client that asks now', of({ clients: ['a'] }), { forClientId: 'a' }, false],
    ['by network', of({ networks: ['as:64500'] }), {}, false],
    ['by a network nobody knows', of({ networks: ['as:64500'] }), { network: undefined }, true],
    ['by country', of({ countries: ['US'] }), {}, true],
    ['by window', of({ from: at(100), until: at(100) }), {}, false],
    ['by a window that is over', of({ until: at(99) }), {}, true],
    ['by a window that comes', of({ from: at(101) }), {}, true],
    [
      'by a cohort all of whose conditions hold',
      of({ providers: ['kumo'], countries: ['JP'] }),
      {},
      false,
    ],
    [
      'by a cohort one of whose conditions fails',
      of({ providers: ['kumo'], countries: ['US'] }),
      {},
      true,
    ],
    ['through everybody leaves a till, which has no login', {}, TILL, true],
    ['through a window leaves a till', of({ until: at(150) }), TILL, true],
    ['that blocks everybody leaves a till', { effects: ['BLOCK_NEW'] }, { ...TILL, ...NEW }, true],
    ['that names a till ends its token', of({ clients: ['terminal-1'] }), TILL, false],
    [
      'that names a till lets its next one pass',
      of({ clients: ['terminal-1'] }),
      { ...TILL, ...NEW },
      true,
    ],
    [
      'that blocks a till refuses its next token',
      { ...of({ clients: ['terminal-1'] }), effects: ['BLOCK_NEW'] },
      { ...TILL, ...NEW },
      false,
    ],
  ])('%s', (_, told, of, holds) => {
    expect(verdict(cut(told), of).holds).toBe(holds);
  });

  it('of some scopes takes those and leaves the login', () => {
    const verdicts = verdict(cut({ scopes: ['wallet'] }));
    expect(verdicts).toEqual({ holds: true, withoutScopes: ['wallet'] });
    expect(verdict(cut({ scopes: ['wallet'] }), NEW)).toEqual({ holds: true, withoutScopes: [] });
  });

  it('tells what stopped a login, since when and why', () => {
    expect(verdict(cut())).toEqual({
      holds: false,
      stop: { by: 'cut_8', since: at(200), reason: cut().reason },
    });
  });

  it('that resets passwords is seen by those set before it, until it expires', () => {
    const reset = cut({ effects: ['RESET_PASSWORD'], expiresAt: at(400) });
    const seen = (generation: number, now = at(300)) =>
      resetsSince(generation, { cutOffs: [reset], now }).length;
    expect([seen(0), seen(7), seen(8), seen(7, at(400))]).toEqual([1, 1, 0, 0]);
  });

  it('takes two people when it means everybody or resets passwords, else one', () => {
    const now = at(200);
    expect(peopleFor(cut(), now)).toBe(2);
    expect(peopleFor(cut({ ...of({ clients: ['a'] }), effects: ['RESET_PASSWORD'] }), now)).toBe(2);
    expect(peopleFor(cut(of({ clients: ['a'] })), now)).toBe(1);
    expect(peopleFor(cut(of({ clients: ['a', 'operator-console'] })), now)).toBe(2);
  });

  const DAY = 86_400;
  it.each<[string, Partial<Cohort>, CutOff['effects'], 1 | 2]>([
    ['since 1970', { from: at(0) }, ['END_LOGINS'], 2],
    ['until the year 2100', { until: at(4_102_444_800) }, ['END_LOGINS'], 2],
    ['by any of all ways', { methods: ['PASSWORD', 'PASSKEY', 'EXTERNAL'] }, ['END_LOGINS'], 2],
    ['of two days, and whoever logs in', { from: at(98 * DAY) }, ['END_LOGINS', 'BLOCK_NEW'], 2],
    ['of two days', { from: at(98 * DAY) }, ['END_LOGINS'], 1],
    ['until yesterday', { until: at(99 * DAY) }, ['END_LOGINS', 'BLOCK_NEW'], 1],
    ['by password', { methods: ['PASSWORD'] }, ['BLOCK_NEW'], 1],
    ['of a country', { countries: ['US'], from: at(0) }, ['END_LOGINS', 'BLOCK_NEW'], 1],
  ])('through logins %s is for so many people', (_, told, effects, people) => {
    const cohort = cohortSchema.parse(told);
    expect(peopleFor({ cohort, effects }, at(100 * DAY))).toBe(people);
  });

  it('never keeps operators from taking it back, unless it names the console', () => {
    const console = { clientId: 'operator-console', forClientId: 'operator-console' };
    const login = { amr: ['pwd'], atSeconds: 300, ...console };
    const judged = (cohort: Cohort, told: Partial<LoginFacts> = {}) =>
      judge(
        { ...login, ...told },
        {
          look: () => open,
          cutOffs: [cut({ cohort, effects: ['END_LOGINS', 'BLOCK_NEW'] })],
          now: at(300),
        },
      ).holds;
    expect(judged(cohortSchema.parse({}))).toBe(true);
    expect(judged(cohortSchema.parse({ methods: ['PASSWORD'] }))).toBe(true);
    expect(judged(cohortSchema.parse({ clients: ['operator-console'] }))).toBe(false);
    // A login that was made there is let in nowhere else, nor one of elsewhere there, nor where no app is named.
    for (const other of ['seven-eleven-app', undefined]) {
      expect(judged(cohortSchema.parse({}), { forClientId: other })).toBe(false);
      expect(judged(cohortSchema.parse({}), { clientId: other })).toBe(false);
    }
    // Logins of before the cut end all the same: whoever was in logs in again.
    const earlier = { ...login, atSeconds: 100 };
    const cutOffs = [cut({ cohort: cohortSchema.parse({}) })];
    expect(judge(earlier, { look: () => open, cutOffs, now: at(300) }).holds).toBe(false);
  });

  it.each<[string, Partial<CutOff>, number, boolean]>([
    ['in force', {}, 300, false],
    ['in force, longer ago than any login lives', {}, 200 + 47 * 86_400, true],
    ['cancelled', { state: 'CANCELLED' }, 300, true],
    ['proposed just now', { state: 'PROPOSED' }, 300, false],
    ['proposed and never approved', { state: 'PROPOSED' }, 200 + 31 * 60, true],
    ['expired', { effects: ['BLOCK_NEW'], expiresAt: at(250) }, 300, true],
    ['blocking without end', { effects: ['BLOCK_NEW'] }, 200 + 900 * 86_400, false],
    [
      'expired, with logins that it ended',
      { effects: ['BLOCK_NEW', 'END_LOGINS'], expiresAt: at(250) },
      300,
      false,
    ],
  ])('that is %s may be forgotten: %#', (_, told, now, spent) => {
    expect(isSpent(cut(told), at(now))).toBe(spent);
  });

  it('judges two hundred of them for a request in well under a millisecond', () => {
    const many = Array.from({ length: 200 }, (_, n) =>
      cut({ id: `cut_${n}`, ...of({ clients: [`c${n}`] }) }),
    );
    const snapshot = { look: () => open, cutOffs: many, now: at(300) };
    const start = performance.now();
    for (let n = 0; n < 1_000; n += 1) judge(facts, snapshot);
    const microseconds = performance.now() - start;
    process.stdout.write(`judged against 200 cut-offs in ${microseconds.toFixed(1)} µs\n`);
    expect(microseconds).toBeLessThan(1_000);
  });
});

describe('a cohort', () => {
  it('refuses more values than can be looked at, unknown members and what is no key', () => {
    const bad: object[] = [
      { providers: Array.from({ length: 21 }, () => 'kumo') },
      { providers: ['Kumo!'] },
      { countries: ['jp'] },
      { networks: ['203.0.113.0/24'] },
      { from: at(2), until: at(1) },
      { everybody: true },
    ];
    for (const one of bad) expect(cohortSchema.safeParse(one).success).toBe(false);
    expect(isIn(cohortSchema.parse({}), { atSeconds: undefined })).toBe(true);
  });
});
