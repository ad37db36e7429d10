import { Button, ErrorPanel, Field, RefusalPanel, useMutation } from '@7pay/ui';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Choice } from '../choice.tsx';
import { registerClient, type SecretMade } from '../partner-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

const KINDS = ['CODE', 'FAPI2'] as const;
const EMPTY = { nameJa: '', nameEn: '', uris: 'http://localhost:4100/callback', jwks: '' };

/** Registers an app: name, where people come back to, and how it talks to 7iD. What is wrong is told at its place. */
export function RegisterForm(props: { onMade: (made: SecretMade) => void }): JSX.Element {
  const { graph, logInAgain } = useWorld();
  const [typed, setTyped] = useState(EMPTY);
  const [kind, setKind] = useState<(typeof KINDS)[number]>('CODE');
  const [act, send] = useMutation(graph, registerClient, {
    root: 'registerClient',
    success: ['ClientSecretMade'],
  });
  const change = (told: Partial<typeof EMPTY>) => setTyped({ ...typed, ...told });
  const register = async (event: Event) => {
    event.preventDefault();
    const { nameJa, nameEn, uris, jwks } = typed;
    const redirectUris = uris
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const input = { nameJa, nameEn, redirectUris, kind, jwks: kind === 'FAPI2' ? jwks : null };
    const outcome = await send({ input });
    if (!('done' in outcome)) return;
    setTyped(EMPTY);
    props.onMade(outcome.done);
  };
  const told = (code: string) => (act.refusal?.code === code ? act.refusal.message : null);
  const placed = ['CLIENT_NAME_INVALID', 'REDIRECT_URI_INVALID', 'CLIENT_KEYS_INVALID'];
  return (
    <form class="stack card" onSubmit={(event) => void register(event)} noValidate>
      <h2>{t('clientRegister')}</h2>
      <Field label={t('clientNameJa')} error={told('CLIENT_NAME_INVALID')}>
        <input
          lang="ja"
          maxLength={60}
          value={typed.nameJa}
          onInput={(event) => change({ nameJa: event.currentTarget.value })}
        />
      </Field>
      <Field label={t('clientNameEn')}>
        <input
          lang="en"
          maxLength={60}
          value={typed.nameEn}
          onInput={(event) => change({ nameEn: event.currentTarget.value })}
        />
      </Field>
      <Field
        label={t('redirectUris')}
        hint={t('redirectUrisHint')}
        error={told('REDIRECT_URI_INVALID')}
      >
        <textarea
          value={typed.uris}
          spellcheck={false}
          onInput={(event) => change({ uris: event.currentTarget.value })}
        />
      </Field>
      <Choice
        legend={t('clientKind')}
        values={KINDS}
        value={kind}
        wordOf={(each) => t(each === 'CODE' ? 'clientKindCode' : 'clientKindFapi')}
        onChoose={setKind}
      />
      {kind === 'FAPI2' && (
        <Field
          label={t('clientJwks')}
          hint={t('clientJwksHint')}
          error={told('CLIENT_KEYS_INVALID')}
        >
          <textarea
            value={typed.jwks}
            spellcheck={false}
            onInput={(event) => change({ jwks: event.currentTarget.value })}
          />
        </Field>
      )}
      {act.refusal && !placed.includes(act.refusal.code) && <RefusalPanel refusal={act.refusal} />}
      {act.fault && <ErrorPanel fault={act.fault} onLogInAgain={logInAgain} />}
      <div class="row">
        <Button type="submit" busy={act.busy}>
          {t('clientRegisterNow')}
        </Button>
      </div>
    </form>
  );
}
