import type { Locale } from './locale.ts';

const digits = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const languages = { ja: 'ja-JP', en: 'en-GB' } as const;

/** The digits of a whole amount with separators, without the unit: `1,200`. Never full-width. */
export function formatDigits(amount: number): string {
  return digits.format(amount);
}

/** Yen with their unit: `1,200円` in Japanese, `¥1,200` in English. */
export function formatYen(amount: number, locale: Locale): string {
  return locale === 'ja' ? `${digits.format(amount)}円` : `¥${digits.format(amount)}`;
}

/** Points with their unit. */
export function formatPoints(amount: number, locale: Locale): string {
  if (locale === 'ja') return `${digits.format(amount)}ポイント`;
  return `${digits.format(amount)} ${amount === 1 ? 'point' : 'points'}`;
}

function inTokyo(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(languages[locale], { timeZone: 'Asia/Tokyo', ...options });
}

/** Day and time in Japan, whatever the time zone of the device; English says that it is JST. */
export function formatTime(iso: string, locale: Locale): string {
  const text = inTokyo(locale, {
    year: 'numeric',
    month: locale === 'ja' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
  return locale === 'ja' ? text : `${text} JST`;
}

/** Hour and minute in Japan. */
export function formatClock(iso: string, locale: Locale): string {
  return inTokyo(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(iso),
  );
}

/** The day of an instant in Japan: `7月3日`, `3 Jul`. */
export function formatDay(iso: string, locale: Locale): string {
  return inTokyo(locale, {
    month: locale === 'ja' ? 'long' : 'short',
    day: 'numeric',
  }).format(new Date(iso));
}

/** A business date `YYYY-MM-DD` in words. */
export function formatDate(date: string, locale: Locale): string {
  return inTokyo(locale, { year: 'numeric', month: 'long', day: 'numeric' }).format(
    new Date(`${date}T00:00:00+09:00`),
  );
}

/** The month of a business date in words: `2019年7月`, `July 2019`. */
export function formatMonth(date: string, locale: Locale): string {
  return inTokyo(locale, { year: 'numeric', month: 'long' }).format(
    new Date(`${date.slice(0, 7)}-01T00:00:00+09:00`),
  );
}

/** The business date (Asia/Tokyo, `YYYY-MM-DD`) of an instant. */
export function tokyoDate(at: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(at);
}
