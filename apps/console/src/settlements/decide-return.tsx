import { useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Choice } from '../choice.tsx';
import { NoteDialog } from '../note-dialog.tsx';
import {
  decideReturnedPayout,
  type Payout,
  type ReturnDecision,
} from '../settlement-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** What becomes of a payout that came back: paid again to the account that is known then, or kept. */
export function DecideReturn(props: {
  payout: Payout;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { payout, onEnd } = props;
  const { graph } = useWorld();
  const [decision, setDecision] = useState<ReturnDecision>('PAY_AGAIN');
  const [act, send] = useMutation(graph, decideReturnedPayout, {
    root: 'decideReturnedPayout',
    success: ['ReturnedPayoutDecided'],
  });
  return (
    <NoteDialog
      title={t('payoutDecideTitle')}
      lead={t('payoutDecideWhat')}
      button={t('payoutDecide')}
      act={act}
      onSend={async (note) => {
        const outcome = await send({ input: { id: payout.id, decision, note } });
        if ('done' in outcome) onEnd(t('payoutDecidedNow'));
      }}
      onClose={() => onEnd(null)}
    >
      <Choice
        legend={t('whereTo')}
        values={['PAY_AGAIN', 'KEEP']}
        value={decision}
        wordOf={(value) => t(value === 'KEEP' ? 'payoutKeep' : 'payoutPayAgain')}
        onChoose={setDecision}
      />
    </NoteDialog>
  );
}
