import { Button, Page, pick, StatusPill, usePages } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Acts } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { type Store, storesQuery } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { PairingDialog } from './pairing-dialog.tsx';

/** The stores that sell, and a pairing code for a register of one. */
export function StoresPage(): JSX.Element {
  const { graph } = useWorld();
  const [chosen, setChosen] = useState<Store | null>(null);
  const pages = usePages(async (after) => pick(await graph(storesQuery, { after }), 'stores'));
  return (
    <Page title={t('storesTitle')} face={t('name')} wide>
      <p class="muted">{t('storesLead')}</p>
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('storesTitle')}
          columns={['storeCode', 'storeName', 'business', 'state', 'action']}
        >
          <tbody>
            {pages.rows.map((store) => (
              <tr key={store.id}>
                <td>
                  <code>{store.code}</code>
                </td>
                <th scope="row">
                  {store.name}
                  <br />
                  <span class="muted small">{store.address}</span>
                </th>
                <td>{store.merchant.name}</td>
                <td>
                  {store.state === 'SELLING' ? (
                    <StatusPill tone="success" word={t('selling')} />
                  ) : (
                    <StatusPill tone="danger" word={t('suspended')} />
                  )}
                </td>
                <td>
                  <Acts>
                    <Button kind="secondary" onClick={() => setChosen(store)}>
                      {t('issuePairing')}
                    </Button>
                  </Acts>
                </td>
              </tr>
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('storesEmpty')} />
      {chosen && <PairingDialog store={chosen} onClose={() => setChosen(null)} />}
    </Page>
  );
}
