import {
  Button,
  ErrorPanel,
  Field,
  formatTime,
  formatYen,
  locale,
  Notice,
  RefusalPanel,
  strongAcr,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Limits, setMyPaymentLimits } from '../member-operations.ts';
import { readYenOrNone } from '../read-yen.ts';
import { type Word, t } from '../words.ts';
import { useWorld } from '../world.ts';

const PERIODS = [
  ['perPayment', 'limitPerPayment'],
  ['perDay', 'limitPerDay'],
  ['per30Days', 'limitPer30Days'],
] as const satisfies readonly (readonly [keyof Limits, Word])[];

/** Three limits; an empty field has none. */
export function LimitsForm(props: { limits: Limits; onSet: () => void }): JSX.Element {
  const { graph, session } = useWorld();
  const { limits } = props;
  const [typed, setTyped] = useState(() =>
    Object.fromEntries(PERIODS.map(([period]) => [period, String(limits[period] ?? '')])),
  );
  const [act, send] = useMutation(graph, setMyPaymentLimits, {
    root: 'setMyPaymentLimits',
    success: ['PaymentLimitsSet'],
  });
  const [isTold, setTold] = useState(false);
  // What cannot be read is told beside its field and never sent: empty means that there is no limit.
  const wanted = (period: keyof Limits) => readYenOrNone(typed[period] ?? '');
  const save = async (event: Event) => {
    event.preventDefault();
    const [perPayment, perDay, per30Days] = PERIODS.map(([period]) => wanted(period));
    setTold(true);
    if (perPayment === 'WRONG' || perDay === 'WRONG' || per30Days === 'WRONG') return;
    const input = {
      perPayment: perPayment ?? null,
      perDay: perDay ?? null,
      per30Days: per30Days ?? null,
    };
    if ('done' in (await send({ input }))) props.onSet();
  };
  const left = (yen: number) => formatYen(yen, locale.value);
  return (
    <form class="card stack stack--tight" onSubmit={(event) => void save(event)}>
      <h2>{t('limitsTitle')}</h2>
      <p>{t('limitsLead')}</p>
      {limits.leftToday !== null && <p>{t('leftToday', { amount: left(limits.leftToday) })}</p>}
      {limits.left30Days !== null && <p>{t('left30Days', { amount: left(limits.left30Days) })}</p>}
      {limits.pending && (
        <Notice
          kind="caution"
          title={t('limitsPending', { time: formatTime(limits.pending.from, locale.value) })}
        />
      )}
      {PERIODS.map(([period, word]) => (
        <Field
          key={period}
          label={t(word)}
          hint={t('limitHint')}
          error={isTold && wanted(period) === 'WRONG' ? t('amountWrong') : null}
        >
          <input
            inputMode="numeric"
            value={typed[period]}
            onInput={(event) => setTyped({ ...typed, [period]: event.currentTarget.value })}
          />
        </Field>
      ))}
      {act.fault && <ErrorPanel fault={act.fault} />}
      {act.refusal && (
        <RefusalPanel refusal={act.refusal}>
          {act.refusal.__typename === 'StepUpRequired' && (
            <Button
              onClick={() => void session.signIn({ returnTo: '/wallet/safety', acr: strongAcr })}
            >
              {t('prove')}
            </Button>
          )}
        </RefusalPanel>
      )}
      <Button type="submit" wide busy={act.busy}>
        {t('limitsSave')}
      </Button>
    </form>
  );
}
