import { Button, Dialog, ErrorPanel, RefusalPanel, uiText, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { closeSwitch, type Switch } from '../operations.ts';
import { ReasonFields, useReasons } from '../reason-fields.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { nameOf } from './name-of.ts';
import { whatStops } from './what-stops.ts';

/** Stops a function: shows what stops, asks for the reason that members will read, in both languages. */
export function CloseDialog(props: {
  control: Switch;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { control, onEnd } = props;
  const { graph, logInAgain } = useWorld();
  const { reasons, change, errorOf, check } = useReasons();
  const [act, send] = useMutation(graph, closeSwitch, {
    root: 'closeSwitch',
    success: ['SwitchClosed'],
  });

  const close = async (event: Event) => {
    event.preventDefault();
    if (!check()) return;
    const input = { key: control.key, reasonJa: reasons.ja, reasonEn: reasons.en };
    const outcome = await send({ input });
    if ('done' in outcome) onEnd(t('stoppedNow', { name: nameOf(control) }));
  };
  return (
    <Dialog title={t('stopTitle', { name: nameOf(control) })} onClose={() => onEnd(null)}>
      <p>{whatStops(control.key)}</p>
      <p class="muted">{t('stopHow')}</p>
      <form class="stack" onSubmit={(event) => void close(event)} noValidate>
        <ReasonFields reasons={reasons} errorOf={errorOf} hinted={['ja']} onChange={change} />
        {act.refusal && <RefusalPanel refusal={act.refusal} />}
        {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
        {act.fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('stopAgainSafe')}</p>}
        <div class="row">
          <Button type="submit" kind="danger" armed busy={act.busy}>
            {t('stopNow')}
          </Button>
          <Button kind="secondary" onClick={() => onEnd(null)}>
            {uiText('cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
