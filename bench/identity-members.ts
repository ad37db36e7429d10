import { DUTIES, rolesOf, type Viewer } from '@7pay/graphql';
import { operationsSubgraph } from '@7pay/operations';
import type { Connection } from 'mongoose';
import { openOurs, type OpenedIdentity } from './identity-sides.ts';
import { atMost, type Figure, quantile, told } from './report.ts';

const AT_ONCE = 2_000;
const MEMBERS_DEFAULT = 100_000;
const MEMBERS_MAX = 16_500_000;
/** One member in ten has a login of the last 45 days. */
const MEMBERS_PER_LOGIN = 10;
const SEARCHES = 200;
const DOCUMENTS_MOST = 10;

/**
 * What has to stay as it is however many members there are: a mass reset, the count of a cohort, a search for members.
 * BENCH_MEMBERS says how many there are.
 */
export async function benchMembers(mongodbUri: string): Promise<Figure[]> {
  const asked = Number(process.env['BENCH_MEMBERS'] ?? MEMBERS_DEFAULT);
  const members = Math.min(MEMBERS_MAX, Math.max(1, asked));
  const ours = await openOurs('http://localhost', mongodbUri, () => {});
  try {
    const start = performance.now();
    await fill(ours.deps.connection, members);
    return [
      told('members in the database, one in ten with a login', members, ''),
      told('members written', members / ((performance.now() - start) / 1_000), '1/s'),
      ...(await cohortCount(ours)),
      ...(await memberSearch(ours, members)),
      ...(await massReset(ours)),
    ];
  } finally {
    await ours.stop();
  }
}

/** Members, and logins of some: every tenth of these by an external provider, every thousandth from one network. */
async function fill(connection: Connection, count: number): Promise<void> {
  const members = connection.collection<{ _id: string }>('identity_members');
  const logins = connection.collection<{ _id: string }>('identity_logins');
  let next = 0;
  const filler = async () => {
    while (next < count) {
      const from = next;
      next = Math.min(count, from + AT_ONCE);
      const serials = Array.from({ length: next - from }, (_, n) => from + n);
      await members.insertMany(serials.map(memberOf), { ordered: false });
      const active = serials.filter((serial) => serial % MEMBERS_PER_LOGIN === 0);
      await logins.insertMany(active.map(loginOf), { ordered: false });
    }
  };
  await Promise.all([filler(), filler()]); // one makes documents while the database writes those of the other
}

const at = new Date();
const atSeconds = Math.floor(at.getTime() / 1_000);
const expiresAt = new Date(at.getTime() + 40 * 86_400_000);
const mailOf = (serial: number) => `fill${serial}@example.jp`;

const memberOf = (serial: number) => ({
  _id: `mem_fill${serial}`,
  canonicalMail: mailOf(serial),
  mail: mailOf(serial),
  displayName: '会員',
  passwordGeneration: 1,
  roles: [],
  locale: 'ja',
  registeredAt: at,
  wrongTries: 0,
});

function loginOf(serial: number) {
  const login = serial / MEMBERS_PER_LOGIN;
  const isExternal = login % 10 === 0;
  return {
    _id: `fill${serial}|${atSeconds}`,
    sessionUid: `fill${serial}`,
    memberId: `mem_fill${serial}`,
    amr: isExternal ? ['fed:kumo'] : ['pwd'],
    methods: [isExternal ? 'EXTERNAL' : 'PASSWORD'],
    provider: isExternal ? 'kumo' : null,
    acr: 'urn:7id:acr:1',
    atSeconds,
    clientId: 'seven-eleven-app',
    network: `as:${login % 1_000}`,
    country: 'JP',
    device: null,
    agent: null,
    passwordGeneration: 1,
    generation: 1,
    expiresAt,
  };
}

const operator = (memberId: string): Viewer => ({
  kind: 'member',
  locale: 'en',
  requestId: 'bench',
  clientId: 'operator-console',
  scopes: ['operations'],
  memberId,
  acr: 'urn:7id:acr:3',
  authTime: Math.floor(Date.now() / 1_000),
  roles: rolesOf(DUTIES),
});

async function cohortCount({ identity }: OpenedIdentity): Promise<Figure[]> {
  const count = async (what: string, cohort: string): Promise<Figure[]> => {
    const query = `{ cohortSize(cohort: ${cohort}) { logins members } }`;
    const start = performance.now();
    const answer = await identity.subgraph.execute({ query, variables: {} }, operator('mem_a'));
    const milliseconds = performance.now() - start;
    const logins = /"logins":(\d+)/.exec(JSON.stringify(answer))?.[1];
    if (logins === undefined) throw new Error(`no count: ${JSON.stringify(answer)}`);
    return [
      told(`cohort of one ${what}: logins counted`, Number(logins), ''),
      told(`cohort of one ${what}: count`, milliseconds, 'ms'),
    ];
  };
  return [
    ...(await count('network', '{ networks: ["as:7"] }')),
    ...(await count('provider', '{ providers: ["kumo"] }')),
  ];
}

/** As an operator searches: who looked for whom is on record before the answer. */
async function memberSearch(ours: OpenedIdentity, members: number): Promise<Figure[]> {
  const find = async (search: object): Promise<string> => {
    const query =
      'query ($search: MemberSearchInput!) { found: findMembers(search: $search) { ... on MembersFound { members { id } } } }';
    const asked = { query, variables: { search: { reason: 'bench', first: 20, ...search } } };
    return JSON.stringify(await ours.identity.subgraph.execute(asked, operator('mem_a')));
  };
  const timed = async (what: string, searchOf: (serial: number) => object): Promise<Figure> => {
    const waits: number[] = [];
    for (let turn = 0; turn < SEARCHES; turn += 1) {
      const serial = Math.floor((turn / SEARCHES) * members);
      const from = performance.now();
      const found = await find(searchOf(serial));
      waits.push(performance.now() - from);
      if (!found.includes('"mem_fill')) throw new Error(`nobody is found by ${what}: ${found}`);
    }
    return atMost(`members by ${what}: p95`, quantile(waits, 0.95), 'ms', 300);
  };
  const all = ours.deps.connection.collection('identity_members');
  const plan = JSON.stringify(await all.find({ canonicalMail: mailOf(0) }).explain('queryPlanner'));
  const isIndexed = plan.includes('canonicalMail_1') && !plan.includes('COLLSCAN');
  return [
    await timed('mail address', (serial) => ({ mail: mailOf(serial) })),
    await timed('id', (serial) => ({ id: `mem_fill${serial}` })),
    await timed('the network of a login', (serial) => ({
      logins: { networks: [`as:${serial % Math.min(1_000, members / MEMBERS_PER_LOGIN)}`] },
    })),
    atMost('members by mail address: scans of the collection', isIndexed ? 0 : 1, '', 0),
  ];
}

/** As two operators do it, by the subgraph. */
async function massReset({ deps }: OpenedIdentity): Promise<Figure[]> {
  const subgraph = operationsSubgraph(deps);
  let documents = 0;
  deps.connection.getClient().on('commandStarted', ({ command }) => {
    const { documents: inserted, updates, deletes, ops, findAndModify } = command as Written;
    documents += [inserted, updates, deletes, ops].reduce(
      (sum, each) => sum + (each?.length ?? 0),
      0,
    );
    documents += findAndModify === undefined ? 0 : 1;
  });
  const change = async (text: string, by: string) =>
    JSON.stringify(await subgraph.execute({ query: text, variables: {} }, operator(by)));
  const start = performance.now();
  const proposed = await change(
    'mutation { r: proposeCutOff(input: { cohort: { everything: true }, effects: [RESET_PASSWORD], reasonJa: "漏えい", reasonEn: "leak" }) { ... on CutOffChanged { cutOff { id } } __typename } }',
    'mem_a',
  );
  const id = /"(cut_\w+)"/.exec(proposed)?.[1];
  const approved = await change(
    `mutation { r: approveCutOff(input: { id: "${id}" }) { __typename } }`,
    'mem_b',
  );
  const milliseconds = performance.now() - start;
  if (!approved.includes('"CutOffChanged"')) throw new Error(`no reset: ${proposed} ${approved}`);
  return [
    told('mass reset of everybody: proposed and approved', milliseconds, 'ms'),
    atMost('mass reset of everybody: documents written', documents, '', DOCUMENTS_MOST),
  ];
}

/** The lists of a command that writes. */
interface Written {
  readonly documents?: readonly unknown[];
  readonly updates?: readonly unknown[];
  readonly deletes?: readonly unknown[];
  readonly ops?: readonly unknown[];
  readonly findAndModify?: string;
}
