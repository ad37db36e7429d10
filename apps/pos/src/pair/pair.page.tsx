import { Button, ErrorPanel, Field, type GraphFault, Notice, Page, RefusalPanel } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { pairTerminal, type Refusal } from '../operations.ts';
import { makeTerminalKey } from '../terminal/terminal.store.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { readPairingCode } from './pairing-code.ts';

interface Trouble {
  readonly refusal: Refusal | null;
  readonly fault: GraphFault | null;
}
const noTrouble: Trouble = { refusal: null, fault: null };

/** P1: makes this browser a terminal of a store, with the code from the console. */
export function PairPage(): JSX.Element {
  const { graph, link } = useWorld();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState(noTrouble);

  const pair = async (event: Event) => {
    event.preventDefault();
    const pairingCode = readPairingCode(typed);
    setError(pairingCode ? null : t('pairWrongShape'));
    if (!pairingCode) return;
    setBusy(true);
    setTrouble(noTrouble);
    const { key, x, y } = await makeTerminalKey();
    const input = { pairingCode, publicKeyX: x, publicKeyY: y };
    const answer = await graph(pairTerminal, { input }, { anonymous: true });
    if ('fault' in answer) setTrouble({ refusal: null, fault: answer.fault });
    else if ('clientId' in answer.data.pairTerminal) {
      await link.pair({ clientId: answer.data.pairTerminal.clientId, key });
    } else setTrouble({ refusal: answer.data.pairTerminal, fault: null });
    setBusy(false);
  };

  return (
    <Page title={t('pairTitle')} face={t('name')}>
      <p>{t('pairLead')}</p>
      {trouble.refusal && <RefusalPanel refusal={trouble.refusal} />}
      {trouble.fault && <ErrorPanel fault={trouble.fault} />}
      {trouble.fault?.kind === 'UNKNOWN_OUTCOME' && (
        // The code may be used up without this browser knowing its terminal.
        <Notice kind="caution">
          <p>{t('pairUnknown')}</p>
        </Notice>
      )}
      <form class="stack" onSubmit={(event) => void pair(event)} noValidate>
        <Field label={t('pairCode')} hint={t('pairHint')} error={error}>
          <input
            class="code-input"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            maxLength={24}
            autoComplete="off"
            autoCapitalize="characters"
            spellcheck={false}
          />
        </Field>
        <Button type="submit" wide busy={busy}>
          {t('pairButton')}
        </Button>
      </form>
    </Page>
  );
}
