import { declareRefusals, type Refused, refuse } from '@7pay/refusals';
import { businessDate } from '@7pay/time';

export type ProgrammeRefusal =
  | 'REFUND_PROGRAMME_INCOMPLETE'
  | 'REFUND_WINDOW_TOO_SHORT'
  | 'REFUND_WINDOW_OUT_OF_BOUNDS'
  | 'REFUND_PROGRAMME_RUNNING'
  | 'PROGRAMME_ID_REUSED';

declareRefusals('refund-programme', {
  REFUND_PROGRAMME_INCOMPLETE: {
    ja: '払戻しの公告に必要な項目が足りません（{missing}）。',
    en: 'The refund programme lacks what the law asks for ({missing}).',
  },
  REFUND_WINDOW_TOO_SHORT: {
    ja: '申出期間は、本日と公告日のどちらからも{days}日以上必要です。',
    en: 'The window for claims has to be at least {days} days, from today and from the public notice on.',
  },
  REFUND_WINDOW_OUT_OF_BOUNDS: {
    ja: '申出期間は{aheadDays}日以内に始まり、{days}日以内で終わる必要があります。日付をお確かめください。',
    en: 'The window for claims has to begin within {aheadDays} days and to be at most {days} days. Please check the dates.',
  },
  PROGRAMME_ID_REUSED: {
    ja: '同じ払戻番号が別の内容で使われています。新しい番号でやり直してください。',
    en: 'This programme number was used with other contents. Please start again with a new number.',
  },
  REFUND_PROGRAMME_RUNNING: {
    ja: 'すでに公告中または受付中の払戻しがあります。',
    en: 'Another refund programme is announced or open.',
  },
});

/** What members and the public are told. 資金決済法 20条: without any of these no programme opens. */
export interface ProgrammeNotice {
  readonly title: string;
  /** 発行者 */
  readonly issuer: string;
  /** 前払式支払手段の種類 */
  readonly instrument: string;
  /** 公告日, a business date. */
  readonly noticeDate: string | null;
  readonly claimsFrom: Date | null;
  /** Half-open: the first instant at which no claim is taken any more. */
  readonly claimsUntil: Date | null;
  readonly contact: string;
  /** 申出の方法 */
  readonly howToClaim: string;
  /** 払戻しの方法 */
  readonly howPaid: string;
  /** 期間内に申出のない場合の除斥 */
  readonly exclusionNotice: string;
}

/** An orderly way out: balances are paid back to those who claim in the window. */
export interface RefundProgramme extends ProgrammeNotice {
  readonly id: string;
  readonly noticeDate: string;
  readonly claimsFrom: Date;
  readonly claimsUntil: Date;
  readonly openedBy: string;
}

export type ProgrammeState = 'ANNOUNCED' | 'OPEN' | 'CLOSED';

/** The law asks for at least 60 days to claim in. Source: 資金決済法 20条2項 */
export const SHORTEST_WINDOW_DAYS = 60;
/** A programme cannot be taken back, and keeps every other one away: a mistyped year must not open one. */
export const LATEST_BEGIN_DAYS = 180;
/** Two years, one of them a leap year. */
export const LONGEST_WINDOW_DAYS = 731;
/** How long before the window wallets may be closed: so long nobody can use what is theirs, nor claim it. */
export const CLOSE_AHEAD_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** The first instant of a day in Japan, as milliseconds since 1970. */
const startOf = (day: string): number => Date.parse(`${day}T00:00:00+09:00`);

/** How a programme stands at an instant. The record never changes; the clock does. */
export function stateAt({ claimsFrom, claimsUntil }: RefundProgramme, at: Date): ProgrammeState {
  if (at < claimsFrom) return 'ANNOUNCED';
  return at < claimsUntil ? 'OPEN' : 'CLOSED';
}

/** Whether wallets may be closed for a programme: what becomes payable is claimed in its window, now or within days. */
export const isClosable = (programme: RefundProgramme, at: Date): boolean =>
  stateAt(programme, at) !== 'CLOSED' &&
  stateAt(programme, new Date(at.getTime() + CLOSE_AHEAD_DAYS * DAY_MS)) !== 'ANNOUNCED';

/** What was announced, without what we added: to tell whether a repeated request is the same one. */
export function noticeOf(programme: RefundProgramme): ProgrammeNotice {
  const { id: _id, openedBy: _openedBy, ...notice } = programme;
  return notice;
}

/**
 * Decides whether a programme may open, and makes it. `running` is one that has not closed yet. Days that are over when it
 * opens, or before the public is told, give nobody time to claim: the window counts from today and from the day of the
 * public notice in Japan at the earliest. A notice in the past stays what it is.
 */
export function openProgramme(
  notice: ProgrammeNotice,
  made: { id: string; openedBy: string },
  { running, now }: { readonly running: RefundProgramme | null; readonly now: Date },
): RefundProgramme | Refused<ProgrammeRefusal> {
  const { noticeDate, claimsFrom, claimsUntil } = notice;
  const missing = Object.entries(notice)
    .filter(([, value]) => value === null || (typeof value === 'string' && value.trim() === ''))
    .map(([field]) => field);
  if (missing.length > 0 || noticeDate === null || !claimsFrom || !claimsUntil) {
    return refuse('REFUND_PROGRAMME_INCOMPLETE', { missing: missing.join(', ') });
  }
  const today = startOf(businessDate(now));
  const first = Math.max(claimsFrom.getTime(), today, startOf(noticeDate));
  if (claimsUntil.getTime() - first < SHORTEST_WINDOW_DAYS * DAY_MS) {
    return refuse('REFUND_WINDOW_TOO_SHORT', { days: SHORTEST_WINDOW_DAYS });
  }
  const ahead = claimsFrom.getTime() - today;
  const length = claimsUntil.getTime() - claimsFrom.getTime();
  if (ahead > LATEST_BEGIN_DAYS * DAY_MS || length > LONGEST_WINDOW_DAYS * DAY_MS) {
    const limits = { aheadDays: LATEST_BEGIN_DAYS, days: LONGEST_WINDOW_DAYS };
    return refuse('REFUND_WINDOW_OUT_OF_BOUNDS', limits);
  }
  if (running) return refuse('REFUND_PROGRAMME_RUNNING');
  return { ...notice, ...made, noticeDate, claimsFrom, claimsUntil };
}
