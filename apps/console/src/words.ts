import { catalogue, type Translate } from '@7pay/ui';
import en from './locales/en.json' with { type: 'json' };
import ja from './locales/ja.json' with { type: 'json' };

/** The keys of the console's words. */
export type Word = keyof typeof ja;

/** The console's words in the language on screen. */
export const t: Translate<Word> = catalogue({ ja, en });
