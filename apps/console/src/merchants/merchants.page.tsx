import {
  Button,
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
import { Acts, useOperatorId } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import {
  type ApplicationState,
  applicationsQuery,
  type MerchantApplication,
} from '../operations.ts';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { DecideDialog } from './decide-dialog.tsx';
import { type Decision, decisionsFor } from './decisions.ts';

const stateWords: Record<ApplicationState, { word: Word; tone: Tone }> = {
  APPLIED: { word: 'applied', tone: 'caution' },
  RECOMMENDED: { word: 'recommended', tone: 'caution' },
  APPROVED: { word: 'approved', tone: 'success' },
  REJECTED: { word: 'rejected', tone: 'danger' },
};
const decisionWords: Record<Decision, Word> = {
  recommend: 'recommend',
  approve: 'approve',
  reject: 'reject',
};
const filters = [null, 'APPLIED', 'RECOMMENDED', 'APPROVED', 'REJECTED'] as const;

/** Applications of merchants: one operator recommends, another one approves. */
export function MerchantsPage(): JSX.Element {
  const { graph } = useWorld();
  const [state, setState] = useState<ApplicationState | null>(null);
  const [chosen, setChosen] = useState<{
    application: MerchantApplication;
    decision: Decision;
  } | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const pages = usePages(
    async (after) => pick(await graph(applicationsQuery, { state, after }), 'merchantApplications'),
    state ?? 'all',
  );
  return (
    <Page title={t('merchantsTitle')} face={t('name')} wide>
      <p class="muted">{t('merchantsLead')}</p>
      <div class="row" role="group" aria-label={t('filter')}>
        {filters.map((filter) => (
          <Button
            key={filter ?? 'all'}
            kind={filter === state ? 'main' : 'secondary'}
            aria-pressed={filter === state}
            onClick={() => setState(filter)}
          >
            {filter ? t(stateWords[filter].word) : t('all')}
          </Button>
        ))}
      </div>
      {told && (
        <Notice kind="success">
          <p>{told}</p>
        </Notice>
      )}
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('merchantsTitle')}
          columns={['business', 'firstStore', 'opensOn', 'appliedAt', 'state', 'action']}
        >
          <tbody>
            {pages.rows.map((application) => (
              <ApplicationRow
                key={application.id}
                application={application}
                onDecide={(decision) => setChosen({ application, decision })}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('merchantsEmpty')} />
      {chosen && (
        <DecideDialog
          {...chosen}
          onEnd={(sentence) => {
            setChosen(null);
            if (sentence) setTold(sentence);
            pages.reread();
          }}
        />
      )}
    </Page>
  );
}

function ApplicationRow(props: {
  application: MerchantApplication;
  onDecide: (decision: Decision) => void;
}): JSX.Element {
  const { application, onDecide } = props;
  const { word, tone } = stateWords[application.state];
  const own = useOperatorId();
  const decisions = decisionsFor(application, own);
  return (
    <tr>
      <th scope="row">
        {application.merchantName}
        <br />
        <span class="muted small">{application.merchantNameKana}</span>
        <br />
        <span class="muted small">{application.invoiceNumber ?? t('noInvoiceNumber')}</span>
      </th>
      <td>
        {application.storeName}
        <br />
        <span class="muted small">{application.storeAddress}</span>
      </td>
      <td>{formatDate(application.opensOn, locale.value)}</td>
      <td>
        {formatTime(application.appliedAt, locale.value)}
        <br />
        <span class="muted small">{application.appliedBy?.displayName}</span>
      </td>
      <td>
        <StatusPill tone={tone} word={t(word)} />
        {application.recommendedBy && (
          <p class="small">{t('recommendedBy', { name: application.recommendedBy.displayName })}</p>
        )}
        {application.reason && <p class="small">{application.reason}</p>}
      </td>
      <td>
        <Acts>
          <div class="row">
            {decisions.map((decision) => (
              <Button
                key={decision}
                kind={decision === 'reject' ? 'danger' : 'secondary'}
                onClick={() => onDecide(decision)}
              >
                {t(decisionWords[decision])}
              </Button>
            ))}
            {application.state === 'RECOMMENDED' && !decisions.includes('approve') && (
              <p class="small muted">{t('otherApproves')}</p>
            )}
          </div>
        </Acts>
      </td>
    </tr>
  );
}
