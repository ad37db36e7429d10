import { signal } from '@preact/signals';

/** The languages of the pages. Japanese is written first. */
export type Locale = 'ja' | 'en';

const chosenKey = '7pay.locale';

/** The language on screen. Components read it, so a change draws them again. */
export const locale = signal<Locale>('ja');

/** Where a choice lives between visits: the part of `Storage` that is needed. */
export interface ChoiceStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The person's own choice, else the first language of the browser that we speak, else Japanese. */
export function pickLocale(stored: string | null, browser: readonly string[]): Locale {
  if (stored === 'ja' || stored === 'en') return stored;
  for (const language of browser) {
    if (language.startsWith('ja')) return 'ja';
    if (language.startsWith('en')) return 'en';
  }
  return 'ja';
}

/** Sets the language at the start of a page. */
export function startLocale(
  store: ChoiceStore,
  browser: readonly string[],
  root: { lang: string },
): void {
  locale.value = pickLocale(store.getItem(chosenKey), browser);
  root.lang = locale.value;
}

/** Changes the language and keeps the choice. */
export function chooseLocale(next: Locale, store: ChoiceStore, root: { lang: string }): void {
  locale.value = next;
  root.lang = next;
  store.setItem(chosenKey, next);
}
