import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { randomIds } from '@7pay/ids';
import { freshSecrets, openPlatform, type Platform, seed } from '@7pay/platform';
import { type Log, silentLog } from '@7pay/telemetry';
import { eventually, testDatabase, tokenMint, type TokenMint } from '@7pay/testing';
import { inProcessReach, SUBSCRIPTION_LIMITS } from '@7pay/gateway';
import { compareExecutors } from './both-executors.ts';
import type { Graph } from './graph.ts';
import { recordCalls, type RecordedCalls } from './recorded-calls.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

/** The whole platform with its demo people, on a database and ports of its own. */
export interface PlatformUnderTest {
  readonly platform: Platform;
  readonly mint: TokenMint;
  readonly graph: Graph;
  readonly stores: readonly Store[];
  /** Names to the graph who agreed to a payment. */
  readonly agreementSecret: string;
  /** The secret of the partner apps of the demo. */
  readonly partnerSecret: string;
  stop(): Promise<void>;
}

/** A store of the demo shops, with a terminal that was paired in it. */
export interface Store {
  readonly id: string;
  readonly name: string;
  readonly merchantId: string;
  readonly terminalId: string;
  readonly clientId: string;
  readonly token: string;
}

/** Opens the platform as `npm start` does, seeds it and pairs a terminal in each store. */
export async function platformUnderTest(
  name: string,
  { log = silentLog, tokensLiveSeconds }: { log?: Log; tokensLiveSeconds?: number } = {},
): Promise<PlatformUnderTest> {
  const database = await testDatabase(name);
  const secrets = freshSecrets();
  const supergraph = readFileSync('gateway/supergraph.graphql', 'utf8');
  let calls: RecordedCalls | undefined;
  const platform = await openPlatform({
    rates: 'unlimited',
    subscriptionLimits: { ...SUBSCRIPTION_LIMITS, perCaller: 1_000 },
    mongodbUri: database.uri,
    dbName: database.dbName,
    secrets,
    ports: { gateway: 0, identity: 0, sandbox: 0 },
    supergraph,
    reachWith: (subgraphs) => (calls = recordCalls(inProcessReach(subgraphs))).recording,
    root: process.cwd(),
    controlsLeaseMs: 15_000,
    log,
  });
  const mint = tokenMint({
    issuer: platform.urls.identity,
    audience: `${platform.urls.gateway}/graphql`,
    key: secrets.signingKey,
    ...(tokensLiveSeconds && { livesSeconds: tokensLiveSeconds }),
  });
  if (!calls) throw new Error('the platform has no gateway');
  const compared = compareExecutors(platform, supergraph, calls);
  const { graph } = compared;
  const seeded = await seed(platform);
  const stores: Store[] = [];
  for (const { id, name: storeName, pairingCode } of seeded.stores) {
    stores.push(await pairTerminal(graph, mint, { id, storeName, pairingCode }));
  }
  return {
    platform,
    mint,
    graph,
    stores,
    agreementSecret: secrets.agreement,
    partnerSecret: secrets.partnerClient,
    stop: async () => {
      try {
        await compared.compare();
      } finally {
        await platform.stop();
        await database.drop();
      }
    },
  };
}

async function pairTerminal(
  graph: Graph,
  mint: TokenMint,
  { id, storeName, pairingCode }: { id: string; storeName: string; pairingCode: string },
): Promise<Store> {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  });
  const paired = await graph.ask<{ result: { clientId: string; terminal: { id: string } } }>(
    `mutation($input: PairTerminalInput!) { result: pairTerminal(input: $input) { ... on TerminalPaired { clientId terminal { id } } } }`,
    { input: { pairingCode, publicKeyX: x, publicKeyY: y } },
  );
  const store = await graph.ask<{ store: { merchant: { id: string } } }>(
    `query($id: ID!) { store(id: $id) { merchant { id } } }`,
    { id },
  );
  const { clientId, terminal } = paired.data.result;
  const merchantId = store.data.store.merchant.id;
  const place = { terminalId: terminal.id, storeId: id, merchantId };
  return {
    id,
    name: storeName,
    merchantId,
    terminalId: terminal.id,
    clientId,
    token: await mint.terminal(place),
  };
}

/** A member with an open wallet, and what one does with it. `claims` tell how they logged in. */
export async function aMember(
  { graph, mint }: Pick<PlatformUnderTest, 'graph' | 'mint'>,
  memberId = randomIds.next('mem'),
  claims: Record<string, unknown> = {},
) {
  const token = await mint.member(memberId, claims);
  const opened = await graph.ask<{ result: { __typename: string; wallet: { id: string } } }>(
    `mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { __typename ... on WalletOpened { wallet { id } } } }`,
    {},
    token,
  );
  return {
    memberId,
    token,
    walletId: opened.data.result.wallet.id,
    code: async (): Promise<string> => {
      const issued = await graph.ask<{ result: { paymentCode: { code: string } } }>(
        `mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }`,
        {},
        token,
      );
      return issued.data.result.paymentCode.code;
    },
    balance: async (): Promise<number> => {
      const { data } = await graph.ask<{ wallet: { balance: number } }>(
        `{ wallet { balance } }`,
        {},
        token,
      );
      return data.wallet.balance;
    },
  };
}
export type Member = Awaited<ReturnType<typeof aMember>>;

/** A member whose wallet holds cash from a register. Steps of 1,000 yen, at most 49,000 each. */
export async function aMemberWith(
  under: Pick<PlatformUnderTest, 'graph' | 'mint' | 'stores'>,
  amount: number,
  memberId?: string,
  claims: Record<string, unknown> = {},
): Promise<Member> {
  const member = await aMember(under, memberId, claims);
  const store = under.stores[0]!;
  await eventually(async () => {
    const topUp = await under.graph.ask<{ result: { __typename: string } }>(
      TOP_UP,
      {
        input: {
          topUpId: `start-${member.walletId}-${await member.code()}`,
          code: await member.code(),
          amount,
        },
      },
      store.token,
    );
    return topUp.data.result.__typename === 'TopUpAccepted';
  });
  return member;
}

const PAYMENT = 'payment { id amount state refunded refunds { amount reason } }';
export const TOP_UP = `mutation($input: TopUpAtRegisterInput!) { result: topUpAtRegister(input: $input) { __typename ... on TopUpAccepted { topUp { id amount state } } ... on Refusal { code message } } }`;
export const PAY = `mutation($input: AcceptPaymentInput!) { result: acceptPayment(input: $input) { __typename ... on PaymentAccepted { payment { id amount state } } ... on Refusal { code message } ... on InsufficientBalance { short } ... on FunctionClosed { switch { key state since reasonJa } } } }`;
export const AUTHORIZE = `mutation($input: AuthorizePaymentInput!) { result: authorizePayment(input: $input) { __typename ... on PaymentAuthorized { ${PAYMENT} } ... on Refusal { code message } } }`;
export const CAPTURE = `mutation($input: CapturePaymentInput!) { result: capturePayment(input: $input) { __typename ... on PaymentCaptured { ${PAYMENT} } ... on Refusal { code message } ... on CaptureAboveHold { held } } }`;
export const REFUND = `mutation($input: RefundPaymentInput!) { result: refundPayment(input: $input) { __typename ... on PaymentRefunded { refund { id } ${PAYMENT} } ... on Refusal { code message } ... on RefundAbovePayment { left } } }`;
export const CANCEL = `mutation($input: CancelPaymentInput!) { result: cancelPayment(input: $input) { __typename ... on PaymentCancelled { outcome amount payment { id state } } } }`;
export const INQUIRE = `query($id: String!) { inquiry: paymentByMerchantId(merchantPaymentId: $id) { outcome refusalCode payment { id } } }`;
