import { AmountText, formatDate, locale, pick, StatusPill, usePages } from '@7pay/ui';
import type { JSX } from 'preact';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { type SettlementBatch, settlementBatchesQuery } from '../settlement-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { byDay } from './by-day.ts';

/** What each merchant is owed, under its business day. */
export function Batches(): JSX.Element {
  const { graph } = useWorld();
  const pages = usePages(async (after) =>
    pick(await graph(settlementBatchesQuery, { after }), 'settlementBatches'),
  );
  return (
    <>
      <h2>{t('settlementBatches')}</h2>
      {pages.rows && pages.rows.length > 0 && (
        <ListTable
          name={t('settlementBatches')}
          columns={[
            'merchant',
            'settlementPayments',
            'settlementRefunds',
            'settlementFee',
            'settlementCarried',
            'settlementSettled',
            'state',
          ]}
        >
          {byDay(pages.rows).map(({ businessDate, batches }) => (
            <tbody key={businessDate}>
              <tr>
                <th scope="rowgroup" colSpan={7}>
                  {formatDate(businessDate, locale.value)}
                </th>
              </tr>
              {batches.map((batch) => (
                <BatchRow key={batch.id} batch={batch} />
              ))}
            </tbody>
          ))}
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('settlementBatchesEmpty')} />
    </>
  );
}

function BatchRow({ batch }: { batch: SettlementBatch }): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <code class="small">{batch.merchantId}</code>
        <br />
        {t('settlementCount', { count: batch.count })}
      </th>
      <td>
        <AmountText yen={batch.payments} />
      </td>
      <td>
        <AmountText yen={batch.refunds} />
      </td>
      <td>
        <AmountText yen={batch.fee} />
        {batch.feeReturned > 0 && (
          <p class="small">
            {t('settlementFeeReturned')} <AmountText yen={batch.feeReturned} />
          </p>
        )}
      </td>
      <td>
        <AmountText yen={batch.carriedIn} /> → <AmountText yen={batch.carriedOut} />
      </td>
      <td>
        <AmountText yen={batch.settled} />
      </td>
      <td>
        <StatusPill
          tone={batch.state === 'OPEN' ? 'caution' : 'success'}
          word={t(batch.state === 'OPEN' ? 'settlementOpen' : 'settlementClosed')}
        />
      </td>
    </tr>
  );
}
