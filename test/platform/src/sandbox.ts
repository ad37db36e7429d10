import { createServer } from 'node:http';
import { closeServer, listen } from '@7pay/graphql';
import {
  type Acquirer,
  type AtmNetwork,
  createAcquirer,
  createAtmNetwork,
  createExternalIdProvider,
  createMailParty,
  createRegisterNetwork,
  type MailParty,
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
  readonly mail: MailParty;
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

/** Starts the parties outside the platform: the register and ATM networks, the card acquirer and an external ID provider, on a real server. */
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
  const mail = createMailParty({ secret: secrets.mail, clock });
  const acquirer = createAcquirer({
    secret: secrets.acquirer,
    clock,
    url: () => url,
    door: () => options.partyDoor,
  });
  let externalId: ReturnType<ReturnType<typeof createExternalIdProvider>['callback']> | undefined;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/cash-receipts/')) registerNetwork.handler(request, response);
    else if (/^\/atm\b/.test(request.url ?? '')) atmNetwork.handler(request, response);
    else if (request.url?.startsWith('/mails/')) mail.handler(request, response);
    else if (request.url?.startsWith('/acquirer/')) acquirer.handler(request, response);
    else externalId?.(request, response);
  });
  const url = `http://localhost:${await listen(server, options.port, 'SANDBOX_PORT')}`;
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
  return { url, registerNetwork, atmNetwork, acquirer, mail, stop: () => closeServer(server) };
}
