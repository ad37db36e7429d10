import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { MemberViewer } from '@7pay/graphql';
import { randomIds } from '@7pay/ids';
import { openPlatform, type Secrets, seed } from '@7pay/platform';
import { silentLog } from '@7pay/telemetry';

/** A member with payments, made by the one-process platform on the same data. */
export async function memberWithPayments(
  mongodbUri: string,
  secrets: Secrets,
  payments: number,
): Promise<MemberViewer> {
  const platform = await openPlatform({
    rates: 'unlimited',
    mongodbUri,
    secrets,
    ports: { gateway: 0, identity: 0, sandbox: 0 },
    supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
    root: process.cwd(),
    log: silentLog,
  });
  const viewer: MemberViewer = {
    kind: 'member',
    memberId: randomIds.next('mem'),
    scopes: ['wallet', 'points', 'refund', 'merchant'],
    roles: [],
    acr: 'urn:7id:acr:3',
    authTime: 0,
    locale: 'ja',
    requestId: 'bench',
    clientId: null,
  };
  const wallet = platform.subgraphs.find(({ name }) => name === 'wallet')!;
  const { stores } = await seed(platform);
  const storeRow = await platform.connection
    .collection('wallet_stores')
    .findOne({ _id: stores[0]!.id as never });
  const terminal = {
    ...viewer,
    kind: 'terminal' as const,
    scopes: ['terminal'],
    terminalId: 'ter_bench',
    storeId: stores[0]!.id,
    merchantId: String(storeRow?.['merchantId']),
  };
  const code = async () => {
    const { data } = await wallet.execute(
      {
        query:
          'mutation { r: issuePaymentCode { ... on PaymentCodeIssued { paymentCode { code } } } }',
      },
      viewer,
    );
    return (data as unknown as { r: { paymentCode: { code: string } } }).r.paymentCode.code;
  };
  await wallet.execute(
    { query: 'mutation { openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }' },
    viewer,
  );
  await wallet.execute(
    {
      query: 'mutation($i: TopUpAtRegisterInput!) { topUpAtRegister(input: $i) { __typename } }',
      variables: { i: { topUpId: 'bench', code: await code(), amount: 49_000 } },
    },
    terminal,
  );
  for (let index = 0; index < payments; index += 1) {
    await wallet.execute(
      {
        query: 'mutation($i: AcceptPaymentInput!) { acceptPayment(input: $i) { __typename } }',
        variables: { i: { merchantPaymentId: `b-${index}`, code: await code(), amount: 400 } },
      },
      terminal,
    );
  }
  await wait(1_000); // the points come by themselves
  await platform.stop();
  return viewer;
}
