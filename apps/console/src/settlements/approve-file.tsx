import {
  Button,
  Dialog,
  ErrorPanel,
  formatDate,
  formatYen,
  locale,
  RefusalPanel,
  uiText,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { approvePayoutFile, type PayoutFile } from '../settlement-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Second person: the file may go to the bank. Says what money moves before it does. */
export function ApproveFile(props: {
  file: PayoutFile;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { file, onEnd } = props;
  const { graph, logInAgain } = useWorld();
  const [act, send] = useMutation(graph, approvePayoutFile, {
    root: 'approvePayoutFile',
    success: ['PayoutFileMoved'],
  });
  const approve = async () => {
    const outcome = await send({ input: { id: file.id } });
    if ('done' in outcome) onEnd(t('fileApprovedNow', { number: file.number }));
  };
  return (
    <Dialog title={t('fileApproveTitle', { number: file.number })} onClose={() => onEnd(null)}>
      <p>
        {t('fileApproveWhat', {
          date: formatDate(file.transferDate, locale.value),
          count: file.count,
          total: formatYen(file.total, locale.value),
        })}
      </p>
      {act.refusal && <RefusalPanel refusal={act.refusal} />}
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
      {act.fault?.kind === 'UNKNOWN_OUTCOME' && <p>{t('sendAgainSafe')}</p>}
      <div class="row">
        <Button busy={act.busy} onClick={() => void approve()}>
          {t('approve')}
        </Button>
        <Button kind="secondary" onClick={() => onEnd(null)}>
          {uiText('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
