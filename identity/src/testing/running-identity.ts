import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Controls, fixedControls } from '@7pay/controls';
import { prepareEvents } from '@7pay/events';
import { randomIds } from '@7pay/ids';
import { createMessageCarrier, type MessageCarrier } from '@7pay/sandbox';
import { type Log, silentLog } from '@7pay/telemetry';
import { testDatabase } from '@7pay/testing';
import { type Clock, systemClock } from '@7pay/time';
import { exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import type { GatePlace } from '../gate/gate-place.ts';
import { type Identity, type IdentitySettingsInput, openIdentity } from '../index.ts';
import { aBrowser, type Browser, type Page } from './browser.ts';

export const GRAPH = 'http://localhost:4000/graphql';
/** Nobody listens there: the browser stops when it is sent to an app. */
export const APPS = 'http://localhost:49151/';
export const PARTNER_SECRET = 'partner-secret-for-tests-0123456789';
const CARRIER_SECRET = 'carrier-secret-for-tests-0123456789';
export const PASSWORD = 'a quiet harbour in spring';

const clients: IdentitySettingsInput['clients'] = [
  {
    kind: 'group-app',
    clientId: 'seven-eleven-app',
    name: { ja: 'セブンアプリ', en: 'Seven app' },
    redirectUris: [`${APPS}wallet/callback`],
    postLogoutRedirectUris: [`${APPS}wallet/`],
    graphScopes: ['account', 'wallet', 'points', 'refund', 'merchant'],
    boundTokens: false, // as an app without a key; one that has one is in test/journeys/bound-token.e2e.ts
  },
  {
    kind: 'partner-app',
    clientId: 'partner-recipes',
    name: { ja: 'レシピ帳', en: 'Recipe book' },
    redirectUris: [`${APPS}recipes/callback`],
    clientSecret: PARTNER_SECRET,
  },
  {
    kind: 'partner-app',
    clientId: 'partner-travel',
    name: { ja: '旅行帳', en: 'Travel book' },
    redirectUris: ['http://travel.example/callback'],
    clientSecret: PARTNER_SECRET,
  },
  {
    kind: 'operator-console',
    clientId: 'operator-console',
    name: { ja: '運用画面', en: 'Console' },
    redirectUris: [`${APPS}console/callback`],
    graphScopes: ['operations', 'merchant', 'refund'],
    boundTokens: false,
  },
];

/** Listens on a free port of this machine. */
export async function listen(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

export interface RunningIdentity {
  readonly identity: Identity;
  readonly issuer: string;
  /** Where it listens. */
  readonly url: string;
  readonly controls: ReturnType<typeof fixedControls>;
  readonly connection: Awaited<ReturnType<typeof testDatabase>>['connection'];
  readonly settings: IdentitySettingsInput;
  /** Carries mail and SMS. */
  readonly carrier: MessageCarrier;
  /** Another 7iD on the same database with the same settings, as a second process would be, but for those that are given. */
  twin(
    settings?: Partial<IdentitySettingsInput>,
  ): Promise<{ readonly url: string; readonly identity: Identity; stop(): Promise<void> }>;
  stop(): Promise<void>;
}

/** 7iD on a database of its own, answering on a free port. */
export async function runIdentity(
  options: {
    clock?: Clock;
    /** The issuer, when it is not where the test listens: behind an edge. */
    issuer?: string;
    externalProviders?: (issuer: string) => IdentitySettingsInput['externalProviders'];
    origin?: IdentitySettingsInput['origin'];
    /** Places at which the gate is taken away. */
    gateless?: ReadonlySet<GatePlace>;
    /** Clients besides those of every test. */
    clients?: IdentitySettingsInput['clients'];
    /** Settings that differ from those of every test. */
    settings?:
      | Partial<IdentitySettingsInput>
      | ((issuer: string) => Partial<IdentitySettingsInput>);
    log?: Log;
    /** Told of each command to the database, by its collection. */
    onCommand?: (name: string) => void;
  } = {},
): Promise<RunningIdentity> {
  const { onCommand } = options;
  const database = await testDatabase('identity', { ...(onCommand && { onCommand }) });
  const controls: RunningIdentity['controls'] & Controls = fixedControls();
  let handler: RequestListener = (_request, response) => response.end();
  const { url, server } = await listen((request, response) => handler(request, response));
  const issuer = options.issuer ?? url;
  const carrier = createMessageCarrier({
    secret: CARRIER_SECRET,
    clock: options.clock ?? systemClock,
  });
  const carrying = await listen(carrier.handler);
  const key = async (kid: string) => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    return { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' } as never;
  };
  await prepareEvents(database.connection);
  const more =
    typeof options.settings === 'function' ? options.settings(issuer) : (options.settings ?? {});
  const settings: IdentitySettingsInput = {
    issuer,
    graphAudience: GRAPH,
    jwks: { keys: [await key('test-1'), await key('test-0')] },
    cookieKeys: ['cookie-key-for-tests-0123456789-abcdef'],
    pairwiseSecret: 'pairwise-secret-for-tests-0123456789',
    credentialSecrets: ['credential-secret-for-tests-0123456789'],
    messageCarrier: { url: carrying.url, secret: CARRIER_SECRET },
    clients: [...clients, ...(options.clients ?? [])],
    externalProviders: options.externalProviders?.(issuer) ?? [],
    rpId: new URL(issuer).hostname,
    origin: options.origin,
    ...more,
  };
  const open = (other: Partial<IdentitySettingsInput> = {}) =>
    openIdentity({
      connection: database.connection,
      controls,
      clock: options.clock ?? systemClock,
      ids: randomIds,
      log: options.log ?? silentLog,
      settings: { ...settings, ...other },
      judgeAt: (place, facts) =>
        options.gateless?.has(place) ? { holds: true, withoutScopes: [] } : controls.judge(facts),
    });
  const identity = await open();
  handler = identity.handler;
  return {
    identity,
    settings,
    carrier,
    twin: async (other) => {
      const second = await open(other);
      const listening = await listen(second.handler);
      return {
        url: listening.url,
        identity: second,
        stop: async () => {
          listening.server.closeAllConnections();
          await new Promise((closed) => listening.server.close(closed));
          await second.stop();
        },
      };
    },
    issuer,
    url,
    controls,
    connection: database.connection,
    stop: async () => {
      for (const each of [server, carrying.server]) {
        each.closeAllConnections();
        await new Promise((closed) => each.close(closed));
      }
      await identity.stop();
      await database.drop();
    },
  };
}

/** An app of the tests: sends the person to log in, and redeems the code they bring back. */
export async function anApp(
  issuer: string,
  clientId: 'seven-eleven-app' | 'partner-recipes' | 'operator-console',
) {
  const authentication = clientId.startsWith('partner')
    ? oidc.ClientSecretBasic(PARTNER_SECRET)
    : oidc.None();
  const configuration = await oidc.discovery(new URL(issuer), clientId, undefined, authentication, {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  });
  const paths = {
    'seven-eleven-app': 'wallet',
    'partner-recipes': 'recipes',
    'operator-console': 'console',
  };
  const redirectUri = `${APPS}${paths[clientId]}/callback`;
  return {
    configuration,
    redirectUri,
    request: async (parameters: Record<string, string> = {}) => {
      const codeVerifier = oidc.randomPKCECodeVerifier();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const asked: Record<string, string> = {
        redirect_uri: redirectUri,
        scope: 'openid profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...parameters,
      };
      // What leads to money is pushed, as every app of the group does.
      const url = / wallet\b/.test(asked['scope'] ?? '')
        ? await oidc.buildAuthorizationUrlWithPAR(configuration, asked)
        : oidc.buildAuthorizationUrl(configuration, asked);
      const redeem = (back: Page) =>
        oidc.authorizationCodeGrant(configuration, new URL(back.url), {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
          expectedNonce: nonce,
        });
      return { url, redeem, codeVerifier, state, nonce };
    },
  };
}
export type App = Awaited<ReturnType<typeof anApp>>;

/** Logs a person in by password, from the app's request to the tokens. */
export async function logIn(
  app: App,
  person: { mail: string; password?: string },
  parameters: Record<string, string> = {},
  browser: Browser = aBrowser({ leaveAt: APPS }),
) {
  const request = await app.request(parameters);
  const page = await browser.go(request.url);
  const { mail, password = PASSWORD } = person;
  const back = await browser.submit(page, '/login', { mail, password });
  return { browser, request, page, back, redeem: () => request.redeem(back) };
}
