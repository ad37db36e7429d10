import assert from 'node:assert/strict';
import { DUTIES, type Duty, type MemberViewer, rolesOf, type Subgraph } from '@7pay/graphql';
import { isRefused } from '@7pay/refusals';
import { businessDate, type Clock } from '@7pay/time';
import type { Platform } from './platform.ts';

/** People and shops that exist after the first start. The passwords are for a machine of one's own only. */
export const DEMO = {
  password: 'sakura-no-ki-2019',
  members: [{ mail: 'sato@example.com', displayName: '佐藤 花子' }],
  // Two with every duty, for what two people do; and one for each duty, to see what it has.
  operators: [
    { mail: 'ops-tanaka@example.com', displayName: '運用 田中', duties: DUTIES },
    { mail: 'ops-suzuki@example.com', displayName: '運用 鈴木', duties: DUTIES },
    { mail: 'support@example.com', displayName: '窓口 山本', duties: ['support'] },
    { mail: 'security@example.com', displayName: '安全 中村', duties: ['security'] },
    { mail: 'finance@example.com', displayName: '経理 小林', duties: ['finance'] },
    { mail: 'onboarding@example.com', displayName: '加盟店 加藤', duties: ['onboarding'] },
    { mail: 'auditor@example.com', displayName: '監査 吉田', duties: ['auditor'] },
  ],
  shops: [
    {
      number: 'demo-shop-1',
      merchantName: '株式会社セブン‐イレブン・デモ',
      merchantNameKana: 'カブシキガイシャセブンイレブンデモ',
      storeName: '千代田二番町店',
      storeAddress: '東京都千代田区二番町8-8',
      invoiceNumber: 'T1234567890123',
      bankAccount: {
        bankCode: '0034',
        branchCode: '001',
        kind: 'ORDINARY',
        number: '0012345',
        holderKana: 'カ)セブンイレブンデモ',
      },
    },
    {
      number: 'demo-shop-2',
      merchantName: 'みどり書房',
      merchantNameKana: 'ミドリショボウ',
      storeName: 'みどり書房 神田店',
      storeAddress: '東京都千代田区神田神保町1-1',
      invoiceNumber: null,
    },
  ],
} as const;

/** What the seed made, for the banner and the tests. */
export interface Seeded {
  readonly stores: readonly {
    readonly id: string;
    readonly name: string;
    readonly pairingCode: string;
  }[];
}

/**
 * Brings the demo people and shops into being by the use cases that everybody has: registration, an application
 * with two operators, pairing codes. Running it again changes nothing but the pairing codes, which are new each time.
 */
export async function seed(platform: Platform): Promise<Seeded> {
  const register = async (
    person: { mail: string; displayName: string },
    duties: readonly Duty[],
  ) => {
    const input = { ...person, password: DEMO.password, duties };
    await platform.controls.refresh(); // a machine that is busy starting may be late with its own look
    const registered = await platform.identity.registerMember(input);
    assert(!isRefused(registered), 'a demo person can register');
    return registered.memberId;
  };
  const [applicant] = await Promise.all(DEMO.members.map((member) => register(member, [])));
  // One after another: so many at once, on a machine that is busy starting, would be in each other's way.
  const operators: string[] = [];
  for (const { duties, ...person } of DEMO.operators)
    operators.push(await register(person, duties));
  const [first, second] = operators;
  assert(applicant && first && second);

  const merchant = platform.subgraphs.find(({ name }) => name === 'merchant');
  assert(merchant);
  const ask = asker(merchant, platform.clock);
  const opensOn = businessDate(platform.clock.now());
  await platform.controls.refresh();
  const stores: { id: string; name: string; pairingCode: string }[] = [];
  for (const { number, ...shop } of DEMO.shops) {
    const storeId = await openShop(ask, { applicant, first, second }, { number, ...shop, opensOn });
    const issued = await ask(operator(first), ISSUE, { input: { storeId, label: 'デモ端末' } });
    stores.push({
      id: storeId,
      name: shop.storeName,
      pairingCode: issued.result['pairingCode'] as string,
    });
  }
  return { stores };
}

interface Answered {
  readonly result: { readonly __typename: string } & Record<string, unknown>;
}
type Ask = (
  viewer: MemberViewer,
  query: string,
  variables: Record<string, unknown>,
) => Promise<Answered>;

const APPLY = `mutation($input: ApplyAsMerchantInput!) { result: applyAsMerchant(input: $input) { __typename ... on MerchantApplied { application { id state store { id } } } } }`;
const RECOMMEND = `mutation($input: ApplicationInput!) { result: recommendMerchantApplication(input: $input) { __typename } }`;
const APPROVE = `mutation($input: ApplicationInput!) { result: approveMerchantApplication(input: $input) { __typename ... on MerchantApplicationDecided { application { store { id } } } } }`;
const ISSUE = `mutation($input: IssuePairingCodeInput!) { result: issuePairingCode(input: $input) { __typename ... on PairingCodeIssued { pairingCode } } }`;

async function openShop(
  ask: Ask,
  { applicant, first, second }: { applicant: string; first: string; second: string },
  {
    number: applicationId,
    opensOn,
    ...shop
  }: { number: string; opensOn: string } & Record<string, unknown>,
): Promise<string> {
  // The day of the first start stays: the same form under the same number is the same application.
  const earlier = await ask(operator(first), FIND, {});
  const known = (
    earlier.result as unknown as { nodes: { storeName: string; store: { id: string } | null }[] }
  ).nodes;
  const store = known.find(({ storeName }) => storeName === shop['storeName'])?.store;
  if (store) return store.id;

  const applied = await ask(member(applicant), APPLY, {
    input: { applicationId, opensOn, ...shop },
  });
  const application = applied.result['application'] as { id: string };
  const input = { applicationId: application.id };
  await ask(operator(first), RECOMMEND, { input });
  const approved = await ask(operator(second), APPROVE, { input });
  const decided = approved.result['application'] as { store: { id: string } };
  return decided.store.id;
}

const FIND = `{ result: merchantApplications(first: 100, state: APPROVED) { __typename nodes { storeName store { id } } } }`;

function asker(subgraph: Subgraph, clock: Clock): Ask {
  return async (viewer, query, variables) => {
    const authTime = Math.floor(clock.now().getTime() / 1_000); // each asks as if just logged in
    const { data, errors } = await subgraph.execute({ query, variables }, { ...viewer, authTime });
    assert(!errors && data, `the seed was refused: ${errors?.[0]?.message}`);
    return data as unknown as Answered;
  };
}

const common = { locale: 'ja', requestId: 'seed', clientId: null } as const;
const member = (memberId: string): MemberViewer => ({
  ...common,
  kind: 'member',
  memberId,
  scopes: ['merchant'],
  roles: [],
  acr: 'urn:7id:acr:2',
  authTime: 0,
});
const operator = (memberId: string): MemberViewer => ({
  ...member(memberId),
  scopes: ['operations'],
  roles: rolesOf(['onboarding']),
});
