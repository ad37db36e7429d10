import { AmountText, Button, formatTime, locale, pick, useMutation, usePages } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  decideHeldPayment,
  type HeldPayment,
  heldPaymentsQuery,
  type ReviewReason,
} from '../desk-operations.ts';
import { Acts } from '../entry/operators.tsx';
import { ListEnd } from '../list-end.tsx';
import { ListTable } from '../list-table.tsx';
import { WalletLink } from '../wallet-link.tsx';
import { NoteDialog } from '../note-dialog.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';

const reasonWords: Readonly<Record<ReviewReason, Word>> = {
  UNUSUAL_AMOUNT: 'reviewUnusual',
  NEW_DEVICE: 'reviewNewDevice',
  LIMIT_RAISED: 'reviewLimitRaised',
  CONTACT_CHANGED: 'reviewContactChanged',
};
type Decision = 'ALLOWED' | 'REFUSED';

/** Payments that are held for review: let through or not, before their time is over. */
export function HeldPayments({ onTold }: { onTold: (told: string) => void }): JSX.Element {
  const { graph } = useWorld();
  const [chosen, setChosen] = useState<{ payment: HeldPayment; decision: Decision } | null>(null);
  const pages = usePages(async (after) =>
    pick(await graph(heldPaymentsQuery, { after }), 'paymentsUnderReview'),
  );
  return (
    <>
      <p class="muted">{t('heldLead')}</p>
      {pages.rows && pages.rows.length > 0 && (
        <ListTable name={t('heldTitle')} columns={['payment', 'amount', 'why', 'until', 'action']}>
          <tbody>
            {pages.rows.map((payment) => (
              <tr key={payment.id}>
                <th scope="row">
                  {payment.store?.name ?? t('none')}
                  <br />
                  <code class="small">{payment.id}</code>
                  <br />
                  <WalletLink id={payment.walletId} />
                </th>
                <td>
                  <AmountText yen={payment.amount} />
                </td>
                <td>
                  {payment.review?.reasons.map((reason) => (
                    <p key={reason}>{t(reasonWords[reason])}</p>
                  ))}
                </td>
                <td>{payment.review && formatTime(payment.review.until, locale.value)}</td>
                <td>
                  <Acts>
                    <div class="row">
                      <Button
                        kind="secondary"
                        onClick={() => setChosen({ payment, decision: 'ALLOWED' })}
                      >
                        {t('heldAllow')}
                      </Button>
                      <Button
                        kind="danger"
                        onClick={() => setChosen({ payment, decision: 'REFUSED' })}
                      >
                        {t('heldRefuse')}
                      </Button>
                    </div>
                  </Acts>
                </td>
              </tr>
            ))}
          </tbody>
        </ListTable>
      )}
      <ListEnd pages={pages} empty={t('heldEmpty')} />
      {chosen && (
        <Decide
          {...chosen}
          onEnd={(told) => {
            setChosen(null);
            if (told) onTold(told);
            pages.reread();
          }}
        />
      )}
    </>
  );
}

function Decide(props: {
  payment: HeldPayment;
  decision: Decision;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { payment, decision, onEnd } = props;
  const { graph } = useWorld();
  const [act, send] = useMutation(graph, decideHeldPayment, {
    root: 'decideHeldPayment',
    success: ['PaymentReviewDecided'],
  });
  const isAllowed = decision === 'ALLOWED';
  return (
    <NoteDialog
      title={t(isAllowed ? 'heldAllowTitle' : 'heldRefuseTitle')}
      lead={t(isAllowed ? 'heldAllowWhat' : 'heldRefuseWhat')}
      button={t(isAllowed ? 'heldAllow' : 'heldRefuse')}
      act={act}
      {...(isAllowed ? {} : { isDangerous: true as const })}
      onSend={async (note) => {
        const outcome = await send({ input: { paymentId: payment.id, decision, note } });
        if ('done' in outcome) onEnd(t(isAllowed ? 'heldAllowed' : 'heldRefused'));
      }}
      onClose={() => onEnd(null)}
    />
  );
}
