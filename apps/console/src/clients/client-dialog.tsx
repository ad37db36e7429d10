import { Field, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  approveClient,
  changeClientRedirects,
  type Client,
  reopenClient,
  suspendClient,
} from '../identity-operations.ts';
import { NOTE_MAX, NoteDialog } from '../note-dialog.tsx';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { type ClientStep, clientStepWords, standingProposal } from './client-steps.ts';

const success = ['ClientChanged'] as const;

/** One step with a client, and why. */
export function ClientDialog(props: {
  client: Client;
  step: ClientStep;
  onEnd: (told: string | null) => void;
}): JSX.Element {
  const { client, step, onEnd } = props;
  const { graph } = useWorld();
  const proposal = standingProposal(client, new Date());
  const proposed = proposal?.kind === 'REDIRECTS' ? proposal.redirectUris : null;
  const [uris, setUris] = useState((proposed ?? client.redirectUris).join('\n'));
  const acts = {
    suspend: useMutation(graph, suspendClient, { root: 'suspendClient', success }),
    reopen: useMutation(graph, reopenClient, { root: 'reopenClient', success }),
    approve: useMutation(graph, approveClient, { root: 'approveClient', success }),
    redirects: useMutation(graph, changeClientRedirects, {
      root: 'changeClientRedirects',
      success,
    }),
  };
  const words = clientStepWords[step];
  const send = async (reason: string) => {
    const input = { id: client.id, reason };
    const redirectUris = uris
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const outcome =
      step === 'redirects'
        ? await acts.redirects[1]({ input: { ...input, redirectUris } })
        : await acts[step][1]({ input });
    if (!('done' in outcome)) return;
    onEnd(t(outcome.done.client.proposal ? 'clientAsked' : 'clientDone', { name: client.name }));
  };
  return (
    <NoteDialog
      title={t(words.title, { name: client.name })}
      lead={t(words.what)}
      button={t(words.button)}
      act={acts[step][0]}
      noteMax={NOTE_MAX.record}
      {...(step === 'suspend' && { isDangerous: true as const })}
      onSend={send}
      onClose={() => onEnd(null)}
    >
      {step === 'redirects' && (
        <Field label={t('redirectUris')} hint={t('redirectUrisHint')}>
          <textarea
            spellcheck={false}
            value={uris}
            onInput={(event) => setUris(event.currentTarget.value)}
          />
        </Field>
      )}
    </NoteDialog>
  );
}
