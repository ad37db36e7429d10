import {
  ErrorPanel,
  Loading,
  Page,
  RefusalPanel,
  StatusPill,
  useAnswer,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { clientStates } from '../clients/client-state.ts';
import { ListTable } from '../list-table.tsx';
import {
  endMyOldClientSecret,
  myClientsQuery,
  type OwnClient,
  rotateMyClientSecret,
  type SecretMade,
} from '../partner-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { RegisterForm } from './register-form.tsx';
import { SecretPart } from './secret-part.tsx';
import { SecretMadePart } from './secret-made.tsx';
import { TestPeople } from './test-people.tsx';

/** Apps of whoever is at the screen: registered here, tried out at once, and let at members by an operator. */
export function PartnersPage(): JSX.Element {
  const { graph, logInAgain } = useWorld();
  const [made, setMade] = useState<SecretMade | null>(null);
  const asked = useAnswer((signal) => graph(myClientsQuery, {}, { signal }));
  const [act, rotate] = useMutation(graph, rotateMyClientSecret, {
    root: 'rotateMyClientSecret',
    success: ['ClientSecretMade'],
  });
  const [ending, endOld] = useMutation(graph, endMyOldClientSecret, {
    root: 'endMyOldClientSecret',
    success: ['OldClientSecretEnded'],
  });
  const show = (told: SecretMade) => {
    setMade(told);
    asked.again();
  };
  const renew = async (id: string) => {
    const outcome = await rotate({ id });
    if ('done' in outcome) show(outcome.done);
  };
  const end = async (id: string) => {
    await endOld({ id });
    asked.again();
  };
  const busy = act.busy || ending.busy;
  const fault = act.fault ?? ending.fault;
  const refusal = act.refusal ?? ending.refusal;
  const apps = asked.data?.myClients;
  return (
    <Page title={t('partnersTitle')} face={t('name')} wide>
      <p class="muted">{t('partnersLead')}</p>
      {made && <SecretMadePart {...made} />}
      <RegisterForm onMade={show} />
      {refusal && <RefusalPanel refusal={refusal} />}
      {fault && <ErrorPanel fault={fault} onLogInAgain={logInAgain} />}
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {!apps && !asked.fault && <Loading />}
      {apps && apps.length > 0 && (
        <ListTable
          name={t('partnersApps')}
          columns={['clientApp', 'state', 'redirectUris', 'secretColumn']}
        >
          <tbody>
            {apps.map((app) => (
              <AppRow
                key={app.id}
                {...{ app, busy }}
                onRenew={() => void renew(app.id)}
                onEndOld={() => void end(app.id)}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      <TestPeople />
      <section class="card stack">
        <h2>{t('mismatchTitle')}</h2>
        <p>{t('mismatchWhat')}</p>
      </section>
    </Page>
  );
}

function AppRow(props: {
  readonly app: OwnClient;
  readonly busy: boolean;
  readonly onRenew: () => void;
  readonly onEndOld: () => void;
}): JSX.Element {
  const { app } = props;
  const { word, tone } = clientStates[app.state];
  return (
    <tr>
      <th scope="row">
        {app.name}
        <br />
        <code class="small">{app.id}</code>
      </th>
      <td>
        <StatusPill tone={tone} word={t(word)} />
        {app.state === 'TEST' && <p class="small">{t('clientTestWhat')}</p>}
      </td>
      <td>
        {app.redirectUris.map((uri) => (
          <p key={uri} class="small">
            <code class="breaks">{uri}</code>
            {!app.workingRedirectUris.includes(uri) && ` ${t('redirectNotNow')}`}
          </p>
        ))}
      </td>
      <td>
        <SecretPart {...props} />
      </td>
    </tr>
  );
}
