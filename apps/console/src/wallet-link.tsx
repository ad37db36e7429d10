import type { JSX } from 'preact';
import { t } from './words.ts';

/** Leads from a row to the page of its wallet. */
export function WalletLink({ id }: { id: string | null }): JSX.Element {
  if (id === null) return <span class="small muted">{t('ofNobody')}</span>;
  return (
    <a class="small" href={`/console/freezes?wallet=${encodeURIComponent(id)}`}>
      {id}
    </a>
  );
}
