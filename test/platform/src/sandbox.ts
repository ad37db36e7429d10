import { createServer, type RequestListener } from 'node:http';
import { closeServer, listen } from '@7pay/graphql';
import {
  type Acquirer,
  type AtmNetwork,
  createAcquirer,
  createAtmNetwork,
  createExternalIdProvider,
  createMessageCarrier,
  createRegisterNetwork,
  type MessageCarrier,
  type RegisterNetwork,
} from '@7pay/sandbox';
import type { Clock } from '@7pay/time';
import type { Secrets } from './secrets.ts';

/** The outside world, on loopback. */
export interface Sandbox {
  readonly url: string;
  readonly registerNetwork: RegisterNetwork;
  readonly atmNetwork: AtmNetwork;
  readonly acquirer: Acquirer;
  readonly messageCarrier: MessageCarrier;
  stop(): Promise<void>;
}

/** The external provider of the sandbox, by the key that its switch carries. */
export const EXTERNAL_PROVIDER = {
  key: 'kumo',
  clientId: '7id',
  name: { ja: 'Kumo ID', en: 'Kumo ID' },
} as const;

/** People who have an account at the external provider. */
const people = [
  { sub: 'kumo-001', name: '森 静香' },
  { sub: 'kumo-002', name: '李 明' },
];

/** The well-known providers, as the sandbox plays them: the key of each is that of its switch. */
export const KNOWN_PROVIDERS = [
  { key: 'line', profile: 'line', name: { ja: 'LINE（模擬）', en: 'LINE (sandbox)' } },
  {
    key: 'yahoo',
    profile: 'yahoo-japan',
    name: { ja: 'Yahoo! JAPAN ID（模擬）', en: 'Yahoo! JAPAN ID (sandbox)' },
  },
  { key: 'google', profile: 'google', name: { ja: 'Google（模擬）', en: 'Google (sandbox)' } },
  { key: 'apple', profile: 'apple', name: { ja: 'Apple（模擬）', en: 'Apple (sandbox)' } },
] as const;

/** What 7iD calls itself and its key by at the provider that takes signed secrets. */
export const SIGNING_ACCOUNT = { teamId: 'SANDBOXTEAM', keyId: 'SANDBOXKEY1' } as const;

const peopleOf = (key: string) => [
  { sub: `${key}-001`, name: '高橋 結衣', mail: 'yui@example.com' },
  { sub: `${key}-002`, name: '中村 陸' },
];

/**
 * Starts the parties outside the platform: the register and ATM networks, the card acquirer, the carrier of mail and SMS
 * and an external ID provider, on a real server.
 */
export async function startSandbox(options: {
  port: number;
  issuer: string;
  secrets: Secrets;
  clock: Clock;
  /** Where the wallet listens for the parties that come by themselves. */
  partyDoor: string;
}): Promise<Sandbox> {
  const { secrets, clock, issuer } = options;
  const registerNetwork = createRegisterNetwork({ secret: secrets.registerNetwork, clock });
  const atmNetwork = createAtmNetwork({
    secret: secrets.atmNetwork,
    clock,
    door: () => options.partyDoor,
  });
  const acquirer = createAcquirer({
    secret: secrets.acquirer,
    clock,
    url: () => url,
    door: () => options.partyDoor,
  });
  const messageCarrier = createMessageCarrier({ secret: secrets.messageCarrier, clock });
  let externalId: ReturnType<ReturnType<typeof createExternalIdProvider>['callback']> | undefined;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/cash-receipts/')) registerNetwork.handler(request, response);
    else if (/^\/atm\b/.test(request.url ?? '')) atmNetwork.handler(request, response);
    else if (request.url?.startsWith('/acquirer/')) acquirer.handler(request, response);
    else if (/^\/messages\b/.test(request.url ?? '')) messageCarrier.handler(request, response);
    else (knownOf(request.url) ?? externalId)?.(request, response);
  });
  const known = new Map<string, RequestListener>();
  const knownOf = (address = '') => known.get(/^\/external\/([a-z]+)\//.exec(address)?.[1] ?? '');
  const url = `http://localhost:${await listen(server, options.port, 'SANDBOX_PORT')}`;
  for (const { key, profile, name } of KNOWN_PROVIDERS) {
    const clientSecret = profile === 'apple' ? secrets.externalSigningKey : secrets.externalClient;
    const redirectUris = [`${issuer}/external/${key}/callback`];
    const provider = createExternalIdProvider({
      issuer: `${url}/external/${key}`,
      key,
      kind: profile,
      name: name.en,
      clients: [{ clientId: EXTERNAL_PROVIDER.clientId, clientSecret, redirectUris }],
      account: SIGNING_ACCOUNT,
      people: peopleOf(key),
      clock,
    });
    known.set(key, provider.callback());
  }
  externalId = createExternalIdProvider({
    issuer: url,
    key: EXTERNAL_PROVIDER.key,
    name: EXTERNAL_PROVIDER.name.en,
    clients: [
      {
        clientId: EXTERNAL_PROVIDER.clientId,
        clientSecret: secrets.externalClient,
        redirectUris: [`${issuer}/external/${EXTERNAL_PROVIDER.key}/callback`],
      },
    ],
    people,
    clock,
  }).callback();
  return {
    url,
    registerNetwork,
    atmNetwork,
    acquirer,
    messageCarrier,
    stop: () => closeServer(server),
  };
}
