import { Button, Notice, Page, pick, StatusPill, usePages } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Acts, useOperatorId } from '../entry/operators.tsx';
import { type Client, clientsQuery } from '../identity-operations.ts';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { ClientDialog } from './client-dialog.tsx';
import { type ClientStep, clientStepWords, standingProposal, stepsFor } from './client-steps.ts';
import { clientStates } from './client-state.ts';

/** The clients of 7iD: one operator stops one, two let it in again, and none approves their own. */
export function ClientsPage(): JSX.Element {
  const { graph } = useWorld();
  const [chosen, setChosen] = useState<{ client: Client; step: ClientStep } | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const pages = usePages(async (after) => pick(await graph(clientsQuery, { after }), 'clients'));
  return (
    <Page title={t('clientsTitle')} face={t('name')} wide>
      <p class="muted">{t('clientsLead')}</p>
      {told && (
        <Notice kind="success">
          <p>{told}</p>
        </Notice>
      )}
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('clientsTitle')}
          columns={['clientApp', 'state', 'redirectUris', 'action']}
        >
          <tbody>
            {pages.rows.map((client) => (
              <ClientRow
                key={client.id}
                client={client}
                onStep={(step) => setChosen({ client, step })}
              />
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('clientsEmpty')} />
      {chosen && (
        <ClientDialog
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

function ClientRow(props: { client: Client; onStep: (step: ClientStep) => void }): JSX.Element {
  const { client, onStep } = props;
  const own = useOperatorId();
  const { word, tone } = clientStates[client.state];
  const now = new Date();
  const proposal = standingProposal(client, now);
  return (
    <tr>
      <th scope="row">
        {client.name}
        <br />
        <code class="small breaks">{client.id}</code>
      </th>
      <td>
        <StatusPill tone={tone} word={t(word)} />
        {proposal && (
          <p class="small">
            {t(proposal.by === own ? 'clientWaits' : 'clientProposed')}
            {proposal.redirectUris.map((uri) => (
              <code key={uri} class="breaks">
                {` ${uri}`}
              </code>
            ))}
          </p>
        )}
      </td>
      <td>
        {client.redirectUris.map((uri) => (
          <p key={uri} class="small">
            <code class="breaks">{uri}</code>
          </p>
        ))}
      </td>
      <td>
        <Acts>
          <div class="row">
            {stepsFor(client, own, now).map((step) => (
              <Button
                key={step}
                kind={step === 'suspend' ? 'danger' : 'secondary'}
                onClick={() => onStep(step)}
              >
                {t(clientStepWords[step].button)}
              </Button>
            ))}
          </div>
        </Acts>
      </td>
    </tr>
  );
}
