import { Button, ErrorPanel, Loading, useAnswer } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ListTable } from '../list-table.tsx';
import { loginStatisticsQuery, type StatisticsBy } from '../member-operations.ts';
import { StateFilter } from '../state-filter.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';

const WAYS: readonly StatisticsBy[] = ['HOUR', 'DAY', 'NETWORK', 'CLIENT', 'METHOD'];
const words: Readonly<Record<StatisticsBy, Word>> = {
  HOUR: 'byHour',
  DAY: 'byDayWord',
  NETWORK: 'byNetwork',
  CLIENT: 'byClient',
  METHOD: 'byMethod',
};
const DAY_MS = 86_400_000;
/** An hour-by-hour table of more is no table. */
const DAYS: Readonly<Partial<Record<StatisticsBy, number>>> = { HOUR: 2 };

/** Tries to log in, counted: what tells a list of passwords from anything else. */
export function StatisticsPart(): JSX.Element {
  const { graph } = useWorld();
  const [by, setBy] = useState<StatisticsBy>('HOUR');
  const asked = useAnswer(
    (signal) => {
      const to = new Date();
      const from = new Date(to.getTime() - (DAYS[by] ?? 30) * DAY_MS);
      const stretch = { from: from.toISOString(), to: to.toISOString(), by };
      return graph(loginStatisticsQuery, stretch, { signal });
    },
    { key: by },
  );
  const rows = asked.data?.loginStatistics;
  return (
    <section class="stack">
      <h2>{t('statisticsTitle')}</h2>
      <p class="small">{t('statisticsWhat')}</p>
      <StateFilter states={WAYS} state={by} wordOf={(each) => t(words[each])} onChoose={setBy} />
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {!rows && !asked.fault && <Loading />}
      {rows && rows.length > 0 && (
        <ListTable
          name={t('statisticsTitle')}
          columns={[
            words[by],
            'statMade',
            'statRefused',
            'statShare',
            'statUnknown',
            'statWrong',
            'statTurnedAway',
            'statNetworks',
            'statNew',
          ]}
        >
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  <span class="breaks small">{row.key || t('notKnown')}</span>
                </th>
                <td>{row.made}</td>
                <td>{row.refused}</td>
                <td>{`${Math.round(row.successShare * 100)}%`}</td>
                <td>{row.unknownIds}</td>
                <td>{row.wrongPasswords}</td>
                <td>{row.turnedAway}</td>
                <td>{row.networks}</td>
                <td>{row.fromNewNetworks}</td>
              </tr>
            ))}
          </tbody>
        </ListTable>
      )}
      {rows?.length === 0 && <p>{t('recordEmpty')}</p>}
      <div class="row">
        <Button kind="secondary" onClick={asked.again}>
          {t('countAgain')}
        </Button>
      </div>
    </section>
  );
}
