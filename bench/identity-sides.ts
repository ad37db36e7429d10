import type { RequestListener } from 'node:http';
import { followControls, prepareControls } from '@7pay/controls';
import { openOutbox, prepareEvents } from '@7pay/events';
import type { ServiceDeps } from '@7pay/graphql';
import { type Identity, openIdentity } from '@7pay/identity';
import { randomIds } from '@7pay/ids';
import { connect } from '@7pay/mongo';
import { prepareOperations } from '@7pay/operations';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider } from 'oidc-provider';

export const PASSWORD = 'a quiet harbour in spring';
export const CALLBACK = 'http://localhost:49151/wallet/callback';
export const APP = 'seven-eleven-app';
const TERMINAL_ID = 'ter_0a1b2c3d';
export const TERMINAL = `terminal-${TERMINAL_ID}`;
const SECRET = 'a-secret-of-the-bench-0123456789-abcdef';

const MEMBERS = 16;
export const mailOf = (serial: number): string => `bench${serial % MEMBERS}@example.jp`;

/** 7iD on a database, with what a bench looks at besides. */
export interface OpenedIdentity {
  readonly identity: Identity;
  readonly deps: ServiceDeps;
  stop(): Promise<void>;
}

/** 7iD as it runs. `onCommand` is told of each command to the database but those that follow the controls. */
export async function openOurs(
  url: string,
  mongodbUri: string,
  onCommand: () => void,
): Promise<OpenedIdentity> {
  const connection = await connect(mongodbUri, { dbName: 'identity', onCommand });
  const following = await connect(mongodbUri, { dbName: 'identity' });
  await prepareEvents(connection);
  await prepareControls(connection);
  await prepareOperations(connection);
  const controls = await followControls(following, { log: silentLog });
  const shared = { connection, controls, clock: systemClock, ids: randomIds, log: silentLog };
  const identity = await openIdentity({
    ...shared,
    settings: {
      issuer: url,
      graphAudience: 'http://localhost:4000/graphql',
      jwks: { keys: [await aKey()] },
      cookieKeys: [SECRET],
      pairwiseSecret: SECRET,
      credentialSecrets: [SECRET],
      messageCarrier: { url, secret: SECRET },
      externalProviders: [],
      rpId: 'localhost',
      clients: [
        {
          kind: 'group-app',
          clientId: APP,
          name: { ja: 'アプリ', en: 'App' },
          redirectUris: [CALLBACK],
          graphScopes: ['wallet'],
          boundTokens: false, // as the other side has it
        },
      ],
    },
  });
  return {
    identity,
    deps: { ...shared, outbox: openOutbox(connection) },
    stop: async () => {
      await identity.stop();
      await controls.stop();
      await Promise.all([connection.close(), following.close()]);
    },
  };
}

/** The members who log in, and a terminal by its key. */
export async function fillOurs({ identity }: OpenedIdentity, terminal: JWK): Promise<void> {
  for (let serial = 0; serial < MEMBERS; serial += 1) {
    const person = { mail: mailOf(serial), displayName: 'ベンチ', password: PASSWORD };
    await identity.registerMember(person);
  }
  const place = { terminalId: TERMINAL_ID, storeId: 'sto_1', merchantId: 'mer_1', label: '1' };
  await identity.subgraph.consumers[0]?.handle({
    id: 'evt_1',
    name: 'merchant.terminal.paired.v1',
    at: new Date(),
    body: { ...place, publicKeyX: terminal.x, publicKeyY: terminal.y },
  } as never); // the consumer looks at no more of an event
}

/** The library by itself, with its adapter in memory and its own pages: no members, no passwords, no records. */
export async function openBare(url: string, terminal: JWK): Promise<RequestListener> {
  const provider = new Provider(url, {
    jwks: { keys: [await aKey()] },
    cookies: { keys: [SECRET] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [
      {
        client_id: APP,
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      },
      {
        client_id: TERMINAL,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...terminal, alg: 'ES256' } as never] },
      },
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: true } },
    scopes: ['openid', 'terminal'],
    issueRefreshToken: async () => true,
    // Nobody is asked to agree, as with an app of the group.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: String(oidc.client?.clientId),
        accountId: String(oidc.session?.accountId),
      });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  return provider.callback();
}

async function aKey() {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'bench', alg: 'ES256', use: 'sig' } as never;
}
