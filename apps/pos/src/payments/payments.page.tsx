import {
  AmountText,
  Button,
  ErrorPanel,
  formatClock,
  formatYen,
  type GraphAnswer,
  type GraphFault,
  Loading,
  locale,
  Notice,
  Page,
  StatusPill,
  tokyoDate,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  type Payment,
  type PaymentPage,
  paymentsQuery,
  type StorePayments,
} from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { dayOf, mayHoldMore } from './today.ts';

const endWords = {
  ACCEPTED: 'approved',
  AUTHORIZED: 'heldState',
  UNDER_REVIEW: 'reviewState',
  CANCELLED: 'cancelledState',
  RELEASED: 'notChargedState',
} as const;
const endTones = {
  ACCEPTED: 'success',
  AUTHORIZED: 'caution',
  UNDER_REVIEW: 'caution',
  CANCELLED: 'quiet',
  RELEASED: 'quiet',
} as const;

/** A day's list is read in pages of 50; this many at most, which is more than a register sells in a day. */
const pagesMax = 40;

/** The store's payments of today, with their sum, and the cancel of each. */
export function PaymentsPage(): JSX.Element {
  const { graph, clock } = useWorld();
  const today = tokyoDate(clock.now());
  const [rows, setRows] = useState<readonly Payment[] | null>(null);
  const [fault, setFault] = useState<GraphFault | null>(null);
  const [chosen, setChosen] = useState<Payment | null>(null);
  const [told, setTold] = useState<string | null>(null);

  const read = async () => {
    const found: Payment[] = [];
    let after: string | null = null;
    for (let page = 0; page < pagesMax; page += 1) {
      const answer: GraphAnswer<StorePayments> = await graph(paymentsQuery, { after });
      if ('fault' in answer) return setFault(answer.fault);
      const payments: PaymentPage | undefined = answer.data.terminal?.store.payments;
      found.push(...(payments?.nodes ?? []));
      after = payments?.pageInfo.hasNextPage ? payments.pageInfo.endCursor : null;
      if (after === null || !mayHoldMore(found, today)) break;
    }
    setFault(null);
    setRows(found);
  };
  useEffect(() => void read(), []);

  const day = rows && dayOf(rows, today);
  return (
    <Page title={t('paymentsTitle')} face={t('name')} wide>
      {fault && <ErrorPanel fault={fault} onRetry={() => void read()} />}
      {!day && !fault && <Loading />}
      {told && (
        <Notice kind="success">
          <p>{told}</p>
        </Notice>
      )}
      {day && day.payments.length === 0 && <p>{t('paymentsEmpty')}</p>}
      {day && day.payments.length > 0 && (
        <>
          <p class="row">
            <span>{t('dayCount', { count: day.count })}</span>
            <AmountText yen={day.totalYen} />
          </p>
          <PaymentTable payments={day.payments} onCancel={setChosen} />
        </>
      )}
      <div class="row">
        <Button kind="secondary" onClick={() => void read()}>
          {t('readAgain')}
        </Button>
      </div>
      {chosen && (
        <CancelDialog
          payment={chosen}
          onClose={() => setChosen(null)}
          onCancelled={(sentence) => {
            setChosen(null);
            setTold(sentence);
            void read();
          }}
        />
      )}
    </Page>
  );
}

function PaymentTable(props: {
  payments: readonly Payment[];
  onCancel: (payment: Payment) => void;
}): JSX.Element {
  return (
    <div class="table-scroll">
      <table>
        <caption class="visually-hidden">{t('paymentsTitle')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('time')}</th>
            <th scope="col" class="end">
              {t('amount')}
            </th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('approvalNumber')}</th>
            <th scope="col">
              <span class="visually-hidden">{t('action')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.payments.map((payment) => (
            <tr key={payment.id}>
              <td class="figures">{formatClock(payment.acceptedAt, locale.value)}</td>
              <td class="end">
                <AmountText yen={payment.amount} />
                {payment.state === 'ACCEPTED' && payment.refunded > 0 && (
                  <div class="muted small">
                    {t('refundedPart', { amount: formatYen(payment.refunded, locale.value) })}
                  </div>
                )}
              </td>
              <td>
                <StatusPill tone={endTones[payment.state]} word={t(endWords[payment.state])} />
              </td>
              <td>
                <code>{payment.id}</code>
              </td>
              <td class="end">
                {payment.state === 'ACCEPTED' && (
                  <Button kind="danger" onClick={() => props.onCancel(payment)}>
                    {t('cancel')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
