import { useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Choice } from '../choice.tsx';
import { resolveTopUpCase, type TopUpCase, type TopUpResolution } from '../desk-operations.ts';
import { NoteDialog } from '../note-dialog.tsx';
import { t, type Word } from '../words.ts';
import { useWorld } from '../world.ts';

export const resolutionWords: Readonly<Record<TopUpResolution, Word>> = {
  TO_WALLET: 'toWallet',
  RETURN: 'toParty',
  WRITE_OFF: 'writeOff',
};
const all: readonly TopUpResolution[] = ['TO_WALLET', 'RETURN', 'WRITE_OFF'];

/** Where the money of a case goes. Nobody’s money goes into no wallet; a write-off waits for a second person. */
export function ResolveCase(props: {
  row: TopUpCase;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { row, onEnd } = props;
  const { graph } = useWorld();
  const values = row.walletId ? all : all.filter((value) => value !== 'TO_WALLET');
  const [resolution, setResolution] = useState<TopUpResolution>(values[0]!);
  const [act, send] = useMutation(graph, resolveTopUpCase, {
    root: 'resolveTopUpCase',
    success: ['TopUpCaseResolved'],
  });
  return (
    <NoteDialog
      title={t('resolveTitle')}
      lead={t('resolveWhat')}
      button={t('resolve')}
      act={act}
      onSend={async (note) => {
        const outcome = await send({ input: { caseId: row.id, resolution, note } });
        if (!('done' in outcome)) return;
        onEnd(t(outcome.done.case.state === 'RESOLVED' ? 'resolvedNow' : 'secondPersonNext'));
      }}
      onClose={() => onEnd(null)}
    >
      <Choice
        legend={t('whereTo')}
        values={values}
        value={resolution}
        wordOf={(value) => t(resolutionWords[value])}
        onChoose={setResolution}
      />
    </NoteDialog>
  );
}
