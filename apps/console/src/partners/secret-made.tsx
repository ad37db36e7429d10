import { Notice } from '@7pay/ui';
import type { JSX } from 'preact';
import type { SecretMade } from '../partner-operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { CopyButton } from './copy-button.tsx';
import { startCommand } from './snippet.ts';

/** What an app is known by from now on. The secret is shown this once, with a command that tries it out. */
export function SecretMadePart({ client, secret }: SecretMade): JSX.Element {
  const { issuer } = useWorld();
  const command =
    secret === null
      ? null
      : startCommand({
          issuer,
          id: client.id,
          secret,
          redirectUri: client.workingRedirectUris[0],
        });
  return (
    <Notice kind="success" title={t('clientMade', { name: client.name })}>
      <dl>
        <dt>{t('clientId')}</dt>
        <dd>
          <code>{client.id}</code>
        </dd>
        {secret !== null && (
          <>
            <dt>{t('clientSecret')}</dt>
            <dd>
              <code class="breaks">{secret}</code>
              <p class="small">{t('secretOnce')}</p>
              <CopyButton text={secret} word={t('copySecret')} />
            </dd>
          </>
        )}
      </dl>
      {command === null ? (
        <p>{t('clientByKey')}</p>
      ) : (
        <>
          <p>{t('clientTryIt')}</p>
          <pre class="command" tabIndex={0}>
            <code>{command}</code>
          </pre>
          <CopyButton text={command} word={t('copyCommand')} />
        </>
      )}
    </Notice>
  );
}
