import type { ProgrammeInput } from '../operations.ts';

/** The form as typed. Days are days in Japan, `YYYY-MM-DD`; the last day is the last one with claims. */
export interface ProgrammeForm {
  readonly title: string;
  readonly issuer: string;
  readonly instrument: string;
  readonly noticeDate: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly contact: string;
  readonly howToClaim: string;
  readonly howPaid: string;
  readonly exclusionNotice: string;
}

export const emptyForm: ProgrammeForm = {
  title: '',
  issuer: '',
  instrument: '',
  noticeDate: '',
  firstDay: '',
  lastDay: '',
  contact: '',
  howToClaim: '',
  howPaid: '',
  exclusionNotice: '',
};

const dayMs = 24 * 60 * 60 * 1000;
const startOfDay = (day: string) => Date.parse(`${day}T00:00:00+09:00`);

/** How many days there are for claims, both ends included; `null` until both are there and in order. */
export function windowDays({ firstDay, lastDay }: ProgrammeForm): number | null {
  if (firstDay === '' || lastDay === '') return null;
  const days = (startOfDay(lastDay) - startOfDay(firstDay)) / dayMs + 1;
  return days >= 1 ? days : null;
}

/** What is sent. The window is half-open: it ends where the day after the last one begins, in Japan. */
export function toInput(form: ProgrammeForm, programmeId: string): ProgrammeInput {
  const { firstDay, lastDay, noticeDate, ...texts } = form;
  return {
    ...texts,
    programmeId,
    noticeDate: noticeDate || null,
    claimsFrom: firstDay ? new Date(startOfDay(firstDay)).toISOString() : null,
    claimsUntil: lastDay ? new Date(startOfDay(lastDay) + dayMs).toISOString() : null,
  };
}

const fieldOf: Readonly<Record<string, keyof ProgrammeForm>> = {
  claimsFrom: 'firstDay',
  claimsUntil: 'lastDay',
};

/** The fields of the form that a refusal names as missing: names, separated by commas. */
export function missingFields(missing: string | undefined): ReadonlySet<keyof ProgrammeForm> {
  const names = (missing ?? '').split(',').map((name) => name.trim());
  const fields = names.map((name) => fieldOf[name] ?? name);
  return new Set(fields.filter((name): name is keyof ProgrammeForm => name in emptyForm));
}
