import {
  formatDate,
  formatTime,
  locale,
  Notice,
  Page,
  pick,
  StatusPill,
  type Tone,
  usePages,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Acts } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { type Programme, programmesQuery } from '../operations.ts';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { OpenProgramme } from './open-programme.tsx';

const stateWords: Record<Programme['state'], { word: Word; tone: Tone }> = {
  ANNOUNCED: { word: 'announced', tone: 'caution' },
  OPEN: { word: 'taking', tone: 'success' },
  CLOSED: { word: 'ended', tone: 'quiet' },
};

/** Refund programmes (払戻し): those there are, and the form that opens one. */
export function RefundPage(): JSX.Element {
  const { graph } = useWorld();
  const [told, setTold] = useState<string | null>(null);
  const pages = usePages(async (after) =>
    pick(await graph(programmesQuery, { after }), 'refundProgrammes'),
  );
  return (
    <Page title={t('refundTitle')} face={t('name')} wide>
      {told && (
        <Notice kind="success">
          <p>{told}</p>
        </Notice>
      )}
      {pages.rows && pages.rows.length > 0 && (
        <div class="table-scroll card">
          <table>
            <caption>{t('programmes')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('programmeTitle')}</th>
                <th scope="col">{t('state')}</th>
                <th scope="col">{t('noticeDate')}</th>
                <th scope="col">{t('window')}</th>
              </tr>
            </thead>
            <tbody>
              {pages.rows.map((programme) => (
                <tr key={programme.id}>
                  <th scope="row">{programme.title}</th>
                  <td>
                    <StatusPill
                      tone={stateWords[programme.state].tone}
                      word={t(stateWords[programme.state].word)}
                    />
                  </td>
                  <td>{formatDate(programme.noticeDate, locale.value)}</td>
                  <td>
                    {t('fromUntil', {
                      from: formatTime(programme.claimsFrom, locale.value),
                      until: formatTime(programme.claimsUntil, locale.value),
                    })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ListEnd pages={pages} empty={t('programmesEmpty')} />
      <Acts>
        <OpenProgramme
          onOpened={(title) => {
            setTold(t('programmeOpened', { title }));
            pages.reread();
          }}
        />
      </Acts>
    </Page>
  );
}
