import { Button, ErrorPanel, Field, type GraphFault, RefusalPanel, type Refusal } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { statementCsvQuery, statementPdfQuery } from '../member-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** One month as a file. `today` is a business date, `YYYY-MM-DD`. */
export function Download({ today }: { today: string }): JSX.Element {
  const { graph } = useWorld();
  const [month, setMonth] = useState(today.slice(0, 7));
  const [fault, setFault] = useState<GraphFault | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const fetchFile = async (kind: 'csv' | 'pdf') => {
    setBusy(true);
    const answer =
      kind === 'csv'
        ? await graph(statementCsvQuery, { month })
        : await graph(statementPdfQuery, { month });
    setBusy(false);
    setFault('fault' in answer ? answer.fault : null);
    if ('fault' in answer) return;
    const { statement } = answer.data;
    setRefusal('code' in statement ? statement : null);
    if (!('statement' in statement)) return;
    const file = statement.statement;
    if ('csv' in file) save(new Blob([file.csv], { type: 'text/csv' }), `7pay-${month}.csv`);
    else save(new Blob([bytesOf(file.pdf)], { type: 'application/pdf' }), `7pay-${month}.pdf`);
  };
  return (
    <section class="card stack stack--tight" aria-labelledby="download">
      <h2 id="download">{t('downloadTitle')}</h2>
      <Field label={t('downloadMonth')}>
        <input
          type="month"
          min="2019-01"
          max={today.slice(0, 7)}
          value={month}
          onInput={(event) => setMonth(event.currentTarget.value)}
        />
      </Field>
      {fault && <ErrorPanel fault={fault} />}
      {refusal && <RefusalPanel refusal={refusal} />}
      <div class="row">
        <Button kind="secondary" busy={busy} onClick={() => void fetchFile('csv')}>
          CSV
        </Button>
        <Button kind="secondary" busy={busy} onClick={() => void fetchFile('pdf')}>
          PDF
        </Button>
      </div>
    </section>
  );
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
