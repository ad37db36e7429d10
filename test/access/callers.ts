import { issuerKeys, readViewer, verifyAccessToken, verifyDpopProof } from '@7pay/gateway';
import { type Belonging, DUTIES, type Duty, sealAgreedMember, type Viewer } from '@7pay/graphql';
import { newRequestId, silentLog } from '@7pay/telemetry';
import type { PlatformUnderTest } from '../support/platform-under-test.ts';
import type { World } from './world.ts';

/** Somebody who asks, and what the test holds to be true of them; the platform is not asked. */
export interface Caller {
  readonly name: string;
  readonly token: string | undefined;
  /** As the gateway reads the token. */
  readonly viewer: Viewer;
  readonly kind: 'nobody' | 'person' | 'register' | 'agreement';
  readonly scopes: readonly string[];
  readonly acr: number;
  /** What they hold as an operator: roles, app and proof together. */
  readonly duties: readonly Duty[];
  /** How long ago they logged in. */
  readonly loginAgeSeconds: number;
  /** What belongs to this caller. */
  readonly own: Belonging;
}

/** How deep a caller is led through the gateway: what one duty sees farther on, each subgraph is asked for by itself. */
export const stepsFor = ({ name, duties }: Caller): number =>
  duties.length === 1 || ONLY_AT_THE_DOOR.has(name) ? 4 : Infinity;
const ONLY_AT_THE_DOOR = new Set(['an operator without a duty', 'a duty without the role']);

type Told = Omit<Caller, 'viewer'>;

/** Longer than any rule bears. */
const LONG_AGO_SECONDS = 13 * 60 * 60;
const APP = 'openid account wallet points refund merchant';

/** Every kind of caller, with tokens as 7iD makes them. The world belongs to the first member. */
export async function everyCaller(
  { mint, platform, stores, agreementSecret }: PlatformUnderTest,
  world: World,
): Promise<readonly Caller[]> {
  const person = async (
    name: string,
    memberId: string,
    {
      scope = APP,
      acr = 3,
      loginAgeSeconds = 0,
      ...claims
    }: { scope?: string; acr?: number; loginAgeSeconds?: number } & Record<string, unknown>,
  ): Promise<Told> => ({
    name,
    kind: 'person',
    token: await mint.member(memberId, {
      scope,
      acr: `urn:7id:acr:${acr}`,
      auth_time: Math.floor(Date.now() / 1_000) - loginAgeSeconds,
      ...claims,
    }),
    loginAgeSeconds,
    scopes: scope.split(' '),
    acr,
    duties: [],
    own: { memberId },
  });
  const register = async (
    name: string,
    place: { terminalId: string; storeId: string; merchantId: string },
  ): Promise<Told> => ({
    name,
    kind: 'register',
    token: await mint.terminal(place),
    scopes: ['terminal'],
    acr: 0,
    duties: [],
    loginAgeSeconds: 0,
    own: { storeId: place.storeId, merchantId: place.merchantId },
  });
  const console = { client_id: 'operator-console', scope: 'openid operations' };
  const roles = ['operator', ...DUTIES];
  const [mine, theirs] = stores;
  const { terminalId, merchantId } = mine!;
  const here = { terminalId, storeId: mine!.id, merchantId };
  const told: readonly Told[] = [
    {
      name: 'nobody',
      kind: 'nobody',
      token: undefined,
      scopes: [],
      acr: 0,
      duties: [],
      loginAgeSeconds: 0,
      own: {},
    },
    await person('the member', world.memberId, {}),
    await person('the member, by password alone', world.memberId, { acr: 1 }),
    await person('the member, long after the login', world.memberId, {
      loginAgeSeconds: LONG_AGO_SECONDS,
    }),
    await person('the member, in an app without scopes', world.memberId, { scope: 'openid' }),
    await person('another member', world.otherId, {}),
    await person('a merchant', world.merchantPersonId, { scope: 'openid merchant' }),
    await person('another merchant', world.otherMerchantPersonId, { scope: 'openid merchant' }),
    await register('a terminal of the store', here),
    await register('a terminal of another store of the merchant', { ...here, storeId: 'sto_else' }),
    await register('a terminal of another merchant', {
      terminalId: theirs!.terminalId,
      storeId: theirs!.id,
      merchantId: theirs!.merchantId,
    }),
    await person('a partner app of the member', 'pairwise-sub-of-the-member', {
      client_id: 'partner-app',
      scope: 'openid wallet points',
      acr: 2,
    }),
    {
      ...(await person('a partner with a payment that the member agreed to', 'pairwise-sub', {
        client_id: 'partner-app',
        scope: 'openid wallet points',
        authorization_details: [
          {
            type: 'payment_initiation',
            amount: { currency: 'JPY', value: 1 },
            payee: { merchantId, name: 'Store' },
            paymentId: 'pay-0001-access',
          },
        ],
        agreed_by: await sealAgreedMember(world.memberId, agreementSecret),
      })),
      kind: 'agreement',
      own: {},
    },
    { ...(await person('an operator', world.operatorId, { ...console, roles })), duties: DUTIES },
    {
      ...(await person('an operator, long after the login', world.operatorId, {
        ...console,
        roles,
        loginAgeSeconds: LONG_AGO_SECONDS,
      })),
      duties: DUTIES,
    },
    await person('an operator, by password alone', world.operatorId, { ...console, roles, acr: 1 }),
    await person('somebody at the console without the role', world.otherId, console),
    await person('an operator without a duty', world.operatorId, {
      ...console,
      roles: ['operator', 'manager'],
    }),
    await person('a duty without the role', world.operatorId, { ...console, roles: DUTIES }),
    ...(await Promise.all(
      DUTIES.map(async (duty) => ({
        ...(await person(`an operator of ${duty}`, world.operatorId, {
          ...console,
          roles: ['operator', duty],
        })),
        duties: [duty],
      })),
    )),
    // Last: they open a wallet of their own, which the operators before did not see.
    await person('an operator, in the app of members', world.operatorId, { roles }),
  ];
  const { identity: issuer, gateway } = platform.urls;
  const audience = `${gateway}/graphql`;
  const { clock } = platform;
  const keys = issuerKeys(issuer, { elapsedMs: () => performance.now(), log: silentLog }).find;
  const read = readViewer(
    verifyAccessToken({ issuer, audience, clock, keys, agreementSecret }),
    verifyDpopProof({ url: audience, clock }),
    () => ({ holds: true, withoutScopes: [] }),
  );
  return Promise.all(
    told.map(async (caller) => ({
      ...caller,
      viewer: await read(
        caller.token === undefined ? {} : { authorization: `Bearer ${caller.token}` },
        newRequestId(),
      ),
    })),
  );
}
