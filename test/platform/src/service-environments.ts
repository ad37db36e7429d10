import type { ExecutorName } from '@7pay/gateway';
import { identitySettingsOf } from './identity-settings.ts';
import { publicPart, type Secrets } from './secrets.ts';

/** The ports of the services when each is a process of its own. */
export interface ProcessPorts {
  readonly gateway: number;
  readonly identity: number;
  readonly sandbox: number;
  /** The first of seven ports: six for the subgraphs, one for the parties outside that come to the wallet. */
  readonly subgraphs: number;
}

const SUBGRAPHS = ['identity', 'wallet', 'merchant', 'points', 'refund', 'operations'] as const;

/** Where the wallet listens for the parties that come by themselves. */
export const partyDoorUrl = ({ subgraphs }: Pick<ProcessPorts, 'subgraphs'>): string =>
  `http://localhost:${partyDoorPort(subgraphs)}`;
const partyDoorPort = (subgraphs: number): number => subgraphs + SUBGRAPHS.length;

type Environment = Readonly<Record<string, string>>;

/** The settings of each service as environment variables: what a deployment gives its containers. */
export function serviceEnvironments(options: {
  mongodbUri: string;
  secrets: Secrets;
  ports: ProcessPorts;
  root: string;
  logLevel: string;
  executor?: ExecutorName;
  rates?: 'on' | 'off';
}): ReadonlyMap<string, Environment> {
  const { mongodbUri, secrets, ports, root, logLevel, executor = 'own', rates = 'on' } = options;
  const local = (port: number) => `http://localhost:${port}`;
  const urls = {
    gateway: local(ports.gateway),
    identity: local(ports.identity),
    sandbox: local(ports.sandbox),
  };
  const graphAudience = `${urls.gateway}/graphql`;
  const common = { MONGODB_URI: mongodbUri, LOG_LEVEL: logLevel };
  const portOf = (name: (typeof SUBGRAPHS)[number]) => ports.subgraphs + SUBGRAPHS.indexOf(name);
  const environments = new Map<string, Environment>();
  for (const name of SUBGRAPHS) {
    environments.set(name, {
      ...common,
      PORT: String(portOf(name)),
      INTERNAL_IDENTITY_PUBLIC_KEY: JSON.stringify(publicPart(secrets.internalKey)),
      ...(name === 'wallet'
        ? {
            REGISTER_NETWORK_URL: urls.sandbox,
            REGISTER_NETWORK_SECRET: secrets.registerNetwork,
            PAYMENT_DEVICE_SECRET: secrets.paymentDevices,
            ATM_NETWORK_URL: urls.sandbox,
            ATM_NETWORK_SECRET: secrets.atmNetwork,
            ACQUIRER_URL: urls.sandbox,
            ACQUIRER_SECRET: secrets.acquirer,
            CARD_RETURN_URL: `${urls.gateway}/wallet/charge/card`,
            PARTY_DOOR_PORT: String(partyDoorPort(ports.subgraphs)),
            LEDGER_SEAL_KEY: JSON.stringify(secrets.sealKey),
          }
        : {}),
      ...(name === 'identity' ? identityEnvironment(secrets, urls, graphAudience, ports) : {}),
    });
  }
  return environments.set('gateway', {
    ...common,
    PORT: String(ports.gateway),
    ISSUER: urls.identity,
    GRAPH_AUDIENCE: graphAudience,
    SUBGRAPH_URLS: JSON.stringify(
      Object.fromEntries(SUBGRAPHS.map((name) => [name, `http://127.0.0.1:${portOf(name)}`])),
    ),
    AGREEMENT_SECRET: secrets.agreement,
    INTERNAL_IDENTITY_PRIVATE_KEY: JSON.stringify(secrets.internalKey),
    SUPERGRAPH: `${root}/gateway/supergraph.graphql`,
    OPERATIONS: `${root}/gateway/operations.json`,
    PAGES_ROOT: root,
    GATEWAY_EXECUTOR: executor,
    GATEWAY_RATES: rates,
  });
}

function identityEnvironment(
  secrets: Secrets,
  urls: { gateway: string; identity: string; sandbox: string },
  graphAudience: string,
  ports: ProcessPorts,
): Environment {
  const settings = identitySettingsOf({ secrets, urls, graphAudience });
  return {
    IDENTITY_ISSUER: settings.issuer,
    IDENTITY_PORT: String(ports.identity),
    IDENTITY_GRAPH_AUDIENCE: graphAudience,
    IDENTITY_JWKS: JSON.stringify(settings.jwks),
    IDENTITY_COOKIE_KEYS: JSON.stringify(settings.cookieKeys),
    IDENTITY_PAIRWISE_SECRET: settings.pairwiseSecret,
    IDENTITY_AGREEMENT_SECRET: secrets.agreement,
    IDENTITY_CREDENTIAL_SECRETS: JSON.stringify(settings.credentialSecrets),
    MESSAGE_CARRIER_URL: settings.messageCarrier.url,
    MESSAGE_CARRIER_SECRET: settings.messageCarrier.secret,
    IDENTITY_CLIENTS: JSON.stringify(settings.clients),
    IDENTITY_KEY_SECRET: secrets.credentials,
    IDENTITY_TEST_PEOPLE: JSON.stringify(settings.testPeople),
    IDENTITY_EXTERNAL_PROVIDERS: JSON.stringify(settings.externalProviders),
    IDENTITY_RP_ID: settings.rpId,
  };
}
