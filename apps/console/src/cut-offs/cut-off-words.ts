import { formatTime, locale } from '@7pay/ui';
import type { Cohort, CutOff, CutOffEffect, LoginMethod } from '../cut-off-operations.ts';
import { t, type Word } from '../words.ts';

export const methodWords: Readonly<Record<LoginMethod, Word>> = {
  PASSWORD: 'cutOffPassword',
  PASSKEY: 'cutOffPasskey',
  EXTERNAL: 'cutOffExternal',
};
export const effectWords: Readonly<Record<CutOffEffect, Word>> = {
  END_LOGINS: 'cutOffEndLogins',
  BLOCK_NEW: 'cutOffBlockNew',
  RESET_PASSWORD: 'cutOffResetPassword',
};

/** The conditions of a cohort, a line for each; all of them hold. */
export function linesOf({ cohort, meansEverybody }: CutOff): readonly string[] {
  if (meansEverybody) return [t('cutOffEverybody')];
  const { from, until } = cohort;
  const time = (at: string) => formatTime(at, locale.value);
  return [
    ...list(
      'cutOffMethods',
      cohort.methods.map((method) => t(methodWords[method])),
    ),
    ...(['providers', 'clients', 'networks', 'countries'] as const).flatMap((name) =>
      list(LIST_WORDS[name], cohort[name]),
    ),
    ...(from === null ? [] : [`${t('cutOffFrom')}: ${time(from)}`]),
    ...(until === null ? [] : [`${t('cutOffUntil')}: ${time(until)}`]),
  ];
}

export const LIST_WORDS = {
  providers: 'cutOffProviders',
  clients: 'cutOffClients',
  networks: 'cutOffNetworks',
  countries: 'cutOffCountries',
} as const satisfies Partial<Record<keyof Cohort, Word>>;

const list = (word: Word, values: readonly string[]): string[] =>
  values.length === 0 ? [] : [`${t(word)}: ${values.join(', ')}`];
