import type { Locale } from '@7pay/refusals';

/** Where something came from, as far as anybody told. */
export interface Place {
  readonly country?: string | undefined;
  readonly network?: string | undefined;
  readonly agent?: string | undefined;
}

const UNKNOWN = { ja: '不明', en: 'unknown' } as const;

/** The browser of a place, in words. */
export const deviceWords = ({ agent }: Place, locale: Locale): string =>
  agent?.replace('/', ' / ') ?? UNKNOWN[locale];

/** The country and the network of a place, in words. A class of networks that has no number says nothing to a person. */
export function placeWords({ country, network }: Place, locale: Locale): string {
  const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' });
  const system = /^as:(\d+)$/.exec(network ?? '')?.[1];
  const parts = [country && names.of(country), system && `AS${system}`].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : UNKNOWN[locale];
}
