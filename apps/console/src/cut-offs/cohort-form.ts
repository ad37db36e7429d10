import type {
  CohortInput,
  CutOffEffect,
  LoginMethod,
  ProposeCutOffInput,
} from '../cut-off-operations.ts';
import { CONSOLE_CLIENT } from '../console-client.ts';
import type { Word } from '../words.ts';

/** The form as it is typed: lists as text, times as the clock in Japan shows them. */
export interface CutOffForm {
  readonly everything: boolean;
  readonly methods: readonly LoginMethod[];
  readonly providers: string;
  readonly clients: string;
  readonly networks: string;
  readonly countries: string;
  readonly from: string;
  readonly until: string;
  readonly effects: readonly CutOffEffect[];
  readonly scopes: string;
  readonly reasonJa: string;
  readonly reasonEn: string;
  readonly expiresAt: string;
}
export const emptyCutOff: CutOffForm = {
  everything: false,
  methods: [],
  providers: '',
  clients: '',
  networks: '',
  countries: '',
  from: '',
  until: '',
  effects: [],
  scopes: '',
  reasonJa: '',
  reasonEn: '',
  expiresAt: '',
};

// The same shapes as the platform's, which has the last word.
const SHAPES = {
  providers: /^[a-z0-9]{1,30}$/,
  clients: /^[A-Za-z0-9_-]{1,100}$/,
  networks: /^(as:\d{1,10}|net:[\w-]{22}|[0-9.]+(\/24)?|[0-9a-fA-F:]*:[0-9a-fA-F.:]*(\/48)?)$/,
  countries: /^[A-Z]{2}$/,
  scopes: /^[a-z]{1,30}$/,
} as const;
export const LISTS = ['providers', 'clients', 'networks', 'countries'] as const;
const VALUES_MAX = 20;
const SCOPES_MAX = 10;

const listOf = (text: string): string[] => [
  ...new Set(text.split(/[\s,、，]+/).filter((value) => value !== '')),
];
/** What an input of day and time says, as an instant; the clock is that of Japan. */
const instantOf = (text: string): string | null =>
  text === '' ? null : new Date(`${text}:00+09:00`).toISOString();

/** Which logins the form means. */
export function toCohort(form: CutOffForm): CohortInput {
  if (form.everything) return { everything: true };
  return {
    everything: false,
    methods: form.methods,
    providers: listOf(form.providers),
    clients: listOf(form.clients),
    networks: listOf(form.networks),
    countries: listOf(form.countries),
    from: instantOf(form.from),
    until: instantOf(form.until),
  };
}

/** What is wrong with the part that says which logins, by field; nothing is wrong if it is empty. */
export function cohortFaults(form: CutOffForm): ReadonlyMap<string, Word> {
  const faults = new Map<string, Word>();
  if (form.everything) return faults;
  for (const name of LISTS) {
    const values = listOf(form[name]);
    const isWrong = values.some((value) => !SHAPES[name].test(value));
    if (isWrong || values.length > VALUES_MAX) faults.set(name, 'cutOffListWrong');
  }
  const { from, until, methods } = form;
  if (from !== '' && until !== '' && from > until) faults.set('until', 'cutOffWindowWrong');
  const isGiven = methods.length > 0 || [from, until, ...LISTS.map((each) => form[each])].some(has);
  if (!isGiven) faults.set('everything', 'cutOffCohortMissing');
  return faults;
}

/** What is wrong with the part that says what happens and why. */
export function effectFaults(form: CutOffForm, now: Date): ReadonlyMap<string, Word> {
  const faults = new Map<string, Word>();
  if (form.effects.length === 0) faults.set('effects', 'cutOffEffectMissing');
  const scopes = listOf(form.scopes);
  if (scopes.length > SCOPES_MAX || scopes.some((scope) => !SHAPES.scopes.test(scope))) {
    faults.set('scopes', 'cutOffListWrong');
  } else if (scopes.length > 0 && form.effects.includes('RESET_PASSWORD')) {
    faults.set('scopes', 'cutOffScopesWithReset');
  }
  for (const name of ['reasonJa', 'reasonEn'] as const) {
    if (!has(form[name])) faults.set(name, 'reasonMissing');
  }
  const expiresAt = instantOf(form.expiresAt);
  if (expiresAt !== null && new Date(expiresAt) <= now)
    faults.set('expiresAt', 'cutOffOverAlready');
  return faults;
}

/** Whether the cut waits for a second person. The platform decides; this only says it before. */
export function takesTwo(form: CutOffForm, now = new Date()): boolean {
  const { everything, effects, methods, from, until } = form;
  if (everything || effects.includes('RESET_PASSWORD')) return true;
  if (listOf(form.clients).includes(CONSOLE_CLIENT)) return true;
  const isNarrowed = LISTS.some((name) => has(form[name])) || [1, 2].includes(methods.length);
  const isOver = has(until) && Date.parse(instantOf(until) ?? '') < now.getTime();
  return !isNarrowed && !isOver && (effects.includes('BLOCK_NEW') || !has(from));
}

/** What is sent once both parts are right. */
export const toInput = (form: CutOffForm): ProposeCutOffInput => ({
  cohort: toCohort(form),
  effects: form.effects,
  scopes: listOf(form.scopes),
  reasonJa: form.reasonJa.trim(),
  reasonEn: form.reasonEn.trim(),
  expiresAt: instantOf(form.expiresAt),
});

const has = (text: string): boolean => text.trim() !== '';
