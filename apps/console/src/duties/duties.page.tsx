import { Button, Field, Notice, Page, pick, usePages } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { dutyChangesQuery, type Operator, operatorsQuery } from '../duty-operations.ts';
import { Acts, useOperatorId } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { ChangeDialog, type Whose } from './change-dialog.tsx';
import { DutyChanges } from './duty-changes.tsx';
import { DutyList } from './duty-list.tsx';

/** Who works here for what, what waits for a second person, and all that was changed. */
export function DutiesPage(): JSX.Element {
  const { graph } = useWorld();
  const own = useOperatorId();
  const [chosen, setChosen] = useState<Whose | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const operators = usePages(async (after) =>
    pick(await graph(operatorsQuery, { after }), 'operators'),
  );
  const changes = usePages(async (after) =>
    pick(await graph(dutyChangesQuery, { after }), 'dutyChanges'),
  );
  const end = (sentence: string | null) => {
    setChosen(null);
    if (sentence) setTold(sentence);
    operators.reread();
    changes.reread();
  };
  return (
    <Page title={t('dutiesTitle')} face={t('name')} wide>
      <p class="muted">{t('dutiesLead')}</p>
      <div aria-live="polite">
        {told && (
          <Notice kind="success">
            <p>{told}</p>
          </Notice>
        )}
      </div>
      {operators.rows && operators.rows.length > 0 && (
        <ListTable name={t('dutiesTitle')} columns={['operatorName', 'duties', 'action']}>
          <tbody>
            {operators.rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.displayName}
                  <br />
                  <code class="small breaks">{row.id}</code>
                </th>
                <td>
                  <DutyList duties={row.duties} />
                </td>
                <td>
                  <Acts>
                    {row.id === own ? (
                      <p class="small muted">{t('dutiesOwn')}</p>
                    ) : (
                      <Button kind="secondary" onClick={() => setChosen(row)}>
                        {t('dutiesChange')}
                      </Button>
                    )}
                  </Acts>
                </td>
              </tr>
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={operators} empty={t('dutiesEmpty')} />
      <Acts>
        <NewOperator onChosen={setChosen} known={operators.rows ?? []} />
      </Acts>
      <h2>{t('dutyChanges')}</h2>
      <DutyChanges pages={changes} onEnd={end} />
      {chosen && <ChangeDialog key={chosen.id} whose={chosen} onEnd={end} />}
    </Page>
  );
}

/** Somebody who is no operator yet, by the id that stands beside a member who was found. */
function NewOperator(props: {
  known: readonly Operator[];
  onChosen: (whose: Whose) => void;
}): JSX.Element {
  const [id, setId] = useState('');
  const [checked, setChecked] = useState(false);
  const choose = (event: Event) => {
    event.preventDefault();
    setChecked(true);
    const wanted = id.trim();
    if (wanted === '') return;
    const known = props.known.find((row) => row.id === wanted);
    props.onChosen(known ?? { id: wanted, displayName: null, duties: [] });
  };
  return (
    <form class="card stack" noValidate onSubmit={choose}>
      <Field
        label={t('dutiesNew')}
        hint={t('dutiesNewHint')}
        error={checked && id.trim() === '' ? t('findMissing') : null}
      >
        <input
          autocomplete="off"
          maxLength={100}
          value={id}
          onInput={(event) => setId(event.currentTarget.value)}
        />
      </Field>
      <div class="row">
        <Button type="submit" kind="secondary">
          {t('dutiesNewChoose')}
        </Button>
      </div>
    </form>
  );
}
