import { CONSOLE_CLIENT } from '@7pay/controls';
import type { IdentitySettingsInput } from '@7pay/identity';
import { EXTERNAL_PROVIDER, KNOWN_PROVIDERS, SIGNING_ACCOUNT } from './sandbox.ts';
import type { Secrets } from './secrets.ts';

/** Where a partner app of one's own listens on this machine. */
const PARTNER_REDIRECT = 'http://localhost:4100/callback';
/** And one that members let pay. */
const PAYING_PARTNER_REDIRECT = 'http://localhost:4101/callback';

/** The settings of 7iD in the one-process platform: its clients and the sandbox's provider. */
export function identitySettingsOf(options: {
  secrets: Secrets;
  urls: { gateway: string; identity: string; sandbox: string };
  graphAudience: string;
}): IdentitySettingsInput {
  const { secrets, urls, graphAudience } = options;
  return {
    issuer: urls.identity,
    graphAudience,
    jwks: { keys: [secrets.signingKey as never] },
    cookieKeys: [secrets.cookieKey],
    pairwiseSecret: secrets.pairwiseSecret,
    agreementSecret: secrets.agreement,
    credentialSecrets: [secrets.credentials],
    messageCarrier: { url: urls.sandbox, secret: secrets.messageCarrier },
    rpId: 'localhost',
    clients: [
      {
        kind: 'group-app',
        clientId: 'seven-eleven-app',
        name: { ja: 'セブン‐イレブンアプリ', en: '7-Eleven app' },
        redirectUris: [`${urls.gateway}/wallet/callback`],
        postLogoutRedirectUris: [`${urls.gateway}/wallet/`],
        graphScopes: ['account', 'wallet', 'points', 'refund', 'merchant'],
      },
      {
        kind: 'operator-console',
        clientId: CONSOLE_CLIENT,
        name: { ja: '運用コンソール', en: 'Operator console' },
        redirectUris: [`${urls.gateway}/console/callback`],
        postLogoutRedirectUris: [`${urls.gateway}/console/`],
        graphScopes: ['operations', 'merchant', 'refund'],
      },
      {
        kind: 'partner-app',
        clientId: 'partner-recipes',
        name: { ja: 'レシピ手帖', en: 'Recipe notes' },
        redirectUris: [PARTNER_REDIRECT],
        clientSecret: secrets.partnerClient,
      },
      {
        kind: 'partner-app',
        clientId: 'partner-flowers',
        name: { ja: '花の定期便', en: 'Flowers by post' },
        redirectUris: [PAYING_PARTNER_REDIRECT],
        clientSecret: secrets.partnerClient,
        graphScopes: ['wallet'],
        payments: true,
      },
    ],
    // Keys are rotated in the console, and followed by every process.
    keyStore: { kind: 'database', secret: secrets.credentials },
    // On a machine of one's own: the people of the seed and of the sandbox.
    testPeople: { mailDomains: ['example.com'], providers: [EXTERNAL_PROVIDER.key] },
    externalProviders: [
      { ...EXTERNAL_PROVIDER, issuer: urls.sandbox, clientSecret: secrets.externalClient },
      ...KNOWN_PROVIDERS.map(({ key, profile, name }) => ({
        key,
        profile,
        name,
        clientId: EXTERNAL_PROVIDER.clientId,
        issuer: `${urls.sandbox}/external/${key}`,
        ...(profile === 'apple'
          ? { signingKey: { ...SIGNING_ACCOUNT, privateKey: secrets.externalSigningKey } }
          : { clientSecret: secrets.externalClient }),
      })),
    ],
  };
}
