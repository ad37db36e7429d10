import {
  Button,
  Dialog,
  ErrorPanel,
  formatTime,
  locale,
  RefusalPanel,
  uiText,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useOperatorId } from '../entry/operators.tsx';
import { openSwitch, type Switch } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { nameOf } from './name-of.ts';
import { standingReopening } from './reopening.ts';

/** Lets a function run again: the first person proposes, a second one confirms. Says which of the two this is. */
export function ReopenDialog(props: {
  control: Switch;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { control, onEnd } = props;
  const { graph, logInAgain } = useWorld();
  const own = useOperatorId();
  const proposal = standingReopening(control, new Date());
  // Which of the two this was is what the answer says: meanwhile somebody else may have proposed.
  const [act, send] = useMutation(graph, openSwitch, {
    root: 'openSwitch',
    success: ['SwitchOpened', 'ReopeningProposed'],
  });
  const go = async () => {
    const outcome = await send({ input: { key: control.key } });
    if (!('done' in outcome)) return;
    const word = outcome.done.__typename === 'SwitchOpened' ? 'opened' : 'proposedNow';
    onEnd(t(word, { name: nameOf(control) }));
  };
  const isOwn = proposal?.by.id === own;
  return (
    <Dialog title={t('reopenTitle', { name: nameOf(control) })} onClose={() => onEnd(null)}>
      {proposal ? (
        <>
          <p>
            {t('proposedBy', { name: proposal.by.displayName })}
            {` · ${formatTime(proposal.at, locale.value)}`}
          </p>
          <p>{isOwn ? t('needsSecond') : t('youAreSecond')}</p>
        </>
      ) : (
        <p>{t('youAreFirst')}</p>
      )}
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
      <div class="row">
        {!isOwn && (
          <Button busy={act.busy} onClick={() => void go()}>
            {proposal ? t('confirmReopen') : t('proposeReopen')}
          </Button>
        )}
        <Button kind="secondary" onClick={() => onEnd(null)}>
          {uiText(isOwn ? 'close' : 'cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
