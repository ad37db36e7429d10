import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { randomIds } from '@7pay/ids';
import { freshSecrets, openPlatform, seed } from '@7pay/platform';
import { silentLog } from '@7pay/telemetry';
import { eventually, openEvents, tokenMint } from '@7pay/testing';
import { atMost, type Figure, quantile, told } from './report.ts';

const PAYMENTS = 200;
const WITHIN_SECONDS = 5;
const CODE = `mutation { result: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }`;
const PAY = `mutation($input: AcceptPaymentInput!) { result: acceptPayment(input: $input) { __typename } }`;
const TOP_UP = `mutation($input: TopUpAtRegisterInput!) { result: topUpAtRegister(input: $input) { __typename } }`;
const OPEN = `mutation { result: openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }`;
const TOLD = `subscription { notice: myNoticeAdded { amount } }`;

/** How long after the answer to a payment the app that listens knows of it, one payment after another. */
export async function benchNotice(): Promise<Figure[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-bench-'));
  const engine = await spawnEmbeddedMongo({ dataDir });
  const secrets = freshSecrets();
  const platform = await openPlatform({
    rates: 'unlimited',
    mongodbUri: engine.uri,
    secrets,
    ports: { gateway: 0, identity: 0, sandbox: 0 },
    supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
    root: process.cwd(),
    log: silentLog,
  });
  try {
    const url = `${platform.urls.gateway}/graphql`;
    const mint = tokenMint({
      issuer: platform.urls.identity,
      audience: url,
      key: secrets.signingKey,
    });
    const ask = async <Data>(query: string, variables: object, token: string): Promise<Data> => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const body = JSON.stringify({ query, variables });
      const response = await fetch(url, { method: 'POST', headers, body });
      return ((await response.json()) as { data: Data }).data;
    };
    const { stores } = await seed(platform);
    const storeId = stores[0]!.id;
    const found = await platform.connection
      .collection<{ _id: string; merchantId: string }>('wallet_stores')
      .findOne({ _id: storeId });
    const merchantId = found?.merchantId ?? '';
    const register = await mint.terminal({ terminalId: 'ter_bench', storeId, merchantId });
    const member = await mint.member(randomIds.next('mem'));
    const code = async () =>
      (await ask<{ result: { paymentCode: { code: string } } }>(CODE, {}, member)).result
        .paymentCode.code;
    type Result = { result: { __typename: string } };
    // The switches and the store are known a moment after the start.
    await eventually(
      async () => (await ask<Result>(OPEN, {}, member)).result.__typename === 'WalletOpened',
    );
    await eventually(async () => {
      const topUp = { topUpId: randomIds.next('top'), amount: 49_000, code: await code() };
      const { result } = await ask<Result>(TOP_UP, { input: topUp }, register);
      return result.__typename === 'TopUpAccepted';
    });
    type Told = { notice: { amount: number } | null };
    const app = await openEvents<Told>(url, { query: TOLD, variables: {} }, { token: member });
    let notice = (await app.answer()).data.notice;
    while (notice?.amount !== 49_000) notice = (await app.answer()).data.notice;
    const waits: number[] = [];
    for (let payment = 1; payment <= PAYMENTS; payment += 1) {
      const input = { merchantPaymentId: `bench-${payment}`, amount: payment, code: await code() };
      await ask(PAY, { input }, register);
      const from = performance.now();
      notice = (await app.answer()).data.notice;
      waits.push(performance.now() - from);
      if (notice?.amount !== -payment) throw new Error('a notice is missing or out of order');
    }
    app.close();
    const sorted = waits.toSorted((a, b) => a - b);
    return [
      told('notice in the app after the answer, p50', quantile(sorted, 0.5), 'ms'),
      told('notice in the app after the answer, p99', quantile(sorted, 0.99), 'ms'),
      atMost('longest of all', sorted.at(-1)! / 1_000, 's', WITHIN_SECONDS),
      told('payments, each told once and in order', PAYMENTS, ''),
    ];
  } finally {
    await platform.stop();
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
