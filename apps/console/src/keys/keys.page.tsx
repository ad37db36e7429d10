import {
  Button,
  ErrorPanel,
  formatTime,
  Loading,
  locale,
  Notice,
  Page,
  StatusPill,
  type Tone,
  useAnswer,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  type DeadNotice,
  keysQuery,
  type LoginProvider,
  type SigningKey,
} from '../identity-operations.ts';
import { Acts } from '../entry/operators.tsx';
import { ListTable } from '../list-table.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';
import { KeyDialog, type KeyStep } from './key-dialog.tsx';

const states: Readonly<Record<SigningKey['state'], { word: Word; tone: Tone }>> = {
  SIGNING: { word: 'keySigning', tone: 'success' },
  NEXT: { word: 'keyNext', tone: 'caution' },
  PUBLISHED: { word: 'keyPublished', tone: 'quiet' },
  GONE: { word: 'keyGone', tone: 'quiet' },
  COMPROMISED: { word: 'keyCompromised', tone: 'danger' },
};

/** The keys that sign tokens, the notices that nobody took, and the external providers. */
export function KeysPage(): JSX.Element {
  const { graph } = useWorld();
  const [step, setStep] = useState<KeyStep | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const asked = useAnswer((signal) => graph(keysQuery, {}, { signal }));
  const { data } = asked;
  return (
    <Page title={t('keysTitle')} face={t('name')} wide>
      <p class="muted">{t('keysLead')}</p>
      {told && (
        <Notice kind="success">
          <p>{told}</p>
        </Notice>
      )}
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {!data && !asked.fault && <Loading />}
      {data && (
        <>
          <Acts>
            <div class="row">
              <Button kind="secondary" onClick={() => setStep({ name: 'rotate' })}>
                {t('keyRotate')}
              </Button>
            </div>
          </Acts>
          <Keys keys={data.signingKeys} onStep={setStep} />
          <h2>{t('noticesTitle')}</h2>
          <Notices notices={data.deadNotices} onStep={setStep} />
          <h2>{t('providersTitle')}</h2>
          <Providers providers={data.loginProviders} />
        </>
      )}
      {step && (
        <KeyDialog
          step={step}
          onEnd={(sentence) => {
            setStep(null);
            if (sentence) setTold(sentence);
            asked.again();
          }}
        />
      )}
    </Page>
  );
}

function Keys(props: {
  keys: readonly SigningKey[];
  onStep: (step: KeyStep) => void;
}): JSX.Element {
  return (
    <ListTable name={t('keysTitle')} columns={['keyId', 'state', 'keyUntil', 'action']}>
      <tbody>
        {props.keys.map(({ kid, algorithm, state, signsFrom, publishedUntil }) => (
          <tr key={kid}>
            <th scope="row">
              <code class="breaks">{kid}</code>
              <br />
              <span class="muted small">{algorithm}</span>
            </th>
            <td>
              <StatusPill tone={states[state].tone} word={t(states[state].word)} />
              {signsFrom && state === 'NEXT' && (
                <p class="small">{formatTime(signsFrom, locale.value)}</p>
              )}
            </td>
            <td>{publishedUntil ? formatTime(publishedUntil, locale.value) : '—'}</td>
            <td>
              <Acts>
                {state !== 'COMPROMISED' && state !== 'GONE' && (
                  <Button kind="danger" onClick={() => props.onStep({ name: 'replace', id: kid })}>
                    {t('keyReplace')}
                  </Button>
                )}
              </Acts>
            </td>
          </tr>
        ))}
      </tbody>
    </ListTable>
  );
}

function Notices(props: {
  notices: readonly DeadNotice[];
  onStep: (step: KeyStep) => void;
}): JSX.Element {
  if (props.notices.length === 0) return <p>{t('noticesEmpty')}</p>;
  return (
    <ListTable
      name={t('noticesTitle')}
      columns={['clientApp', 'noticeWhere', 'noticeProblem', 'action']}
    >
      <tbody>
        {props.notices.map(({ id, clientId, clientName, kind, uri, problem, tries, madeAt }) => (
          <tr key={id}>
            <th scope="row">
              {clientName ?? clientId}
              <br />
              <span class="muted small">{kind}</span>
            </th>
            <td>
              <code class="breaks small">{uri}</code>
            </td>
            <td>
              {problem}
              <br />
              <span class="muted small">
                {t('noticeTries', { tries, at: formatTime(madeAt, locale.value) })}
              </span>
            </td>
            <td>
              <Acts>
                <div class="row">
                  <Button kind="secondary" onClick={() => props.onStep({ name: 'revive', id })}>
                    {t('noticeRevive')}
                  </Button>
                  <Button kind="danger" onClick={() => props.onStep({ name: 'drop', id })}>
                    {t('noticeDrop')}
                  </Button>
                </div>
              </Acts>
            </td>
          </tr>
        ))}
      </tbody>
    </ListTable>
  );
}

function Providers({ providers }: { providers: readonly LoginProvider[] }): JSX.Element {
  return (
    <ListTable name={t('providersTitle')} columns={['provider', 'providerSwitches']}>
      <tbody>
        {providers.map(({ key, name, switchKeys }) => (
          <tr key={key}>
            <th scope="row">
              {name}
              <br />
              <code class="small">{key}</code>
            </th>
            <td>
              <p class="small">
                {switchKeys.map((each) => (
                  <code key={each}>{`${each} `}</code>
                ))}
              </p>
              <a href="/console">{t('switchesTitle')}</a>{' '}
              <a href="/console/cut-offs">{t('cutOffsTitle')}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </ListTable>
  );
}
