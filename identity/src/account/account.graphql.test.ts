import type { Viewer } from '@7pay/graphql';
import { fixedClock } from '@7pay/time';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';

const clock = fixedClock(new Date());
let running: RunningIdentity;
let memberId = '';
let serial = 0;
beforeAll(async () => {
  running = await runIdentity({ clock });
});
afterAll(() => running.stop());
beforeEach(async () => {
  serial += 1;
  clock.advance(24 * 60 * 60_000);
  const made = await running.identity.registerMember({
    mail: `hana${serial}@example.jp`,
    displayName: 'はな',
    password: PASSWORD,
  });
  if ('memberId' in made) memberId = made.memberId;
  // Their address counts as verified; here members begin with no contact, as those of before addresses were proven.
  await running.connection.collection('identity_contacts').deleteMany({ memberId });
});

const viewer = (more: Partial<Extract<Viewer, { kind: 'member' }>> = {}): Viewer => ({
  kind: 'member',
  locale: 'ja',
  requestId: 'request-1',
  clientId: 'seven-eleven-app',
  memberId,
  scopes: ['account'],
  roles: [],
  acr: 'urn:7id:acr:1',
  authTime: Math.floor(clock.now().getTime() / 1_000),
  ...more,
});
const strong = () => viewer({ acr: 'urn:7id:acr:2' });
type Answer = {
  data: Record<string, Record<string, unknown>>;
  errors?: { extensions: { code: string } }[];
};
const execute = async (query: string, as: Viewer, variables = {}) =>
  JSON.parse(
    JSON.stringify(await running.identity.subgraph.execute({ query, variables }, as)),
  ) as Answer;

const add = (channel: string, address: string, as = strong()) =>
  execute(
    `mutation ($input: AddContactInput!) { addMyContact(input: $input) { __typename ... on ContactKept { contact { id channel address verifiedAt } } ... on Refusal { code } } }`,
    as,
    { input: { channel, address } },
  );
const confirm = (id: unknown, code: string, as = strong()) =>
  execute(
    `mutation ($id: ID!, $code: String!) { confirmMyContact(id: $id, code: $code) { __typename ... on ContactKept { contact { verifiedAt } } } }`,
    as,
    { id, code },
  );
const remove = (id: unknown, as = strong()) =>
  execute(`mutation ($id: ID!) { removeMyContact(id: $id) { __typename } }`, as, { id });
const codeFor = (address: string) =>
  /\d{6}/.exec(running.carrier.inbox(address).at(-1)?.text ?? '')?.[0] ?? '';
async function verified(channel: string, address: string) {
  const { data } = await add(channel, address);
  const { id } = (data['addMyContact'] as { contact: { id: string } }).contact;
  await confirm(id, codeFor(running.carrier.delivered().at(-1)!.to));
  return id;
}

describe('contacts', () => {
  it('count once a code that was sent there has come back, and are shown masked', async () => {
    const { data } = await add('SMS', '090-1111-2222');
    const { contact } = data['addMyContact'] as { contact: Record<string, unknown> };
    expect(contact).toMatchObject({ channel: 'SMS', address: '***-****-2222', verifiedAt: null });
    expect(await confirm(contact['id'], '000000')).toMatchObject({
      data: { confirmMyContact: { __typename: 'OneTimeCodeFailed' } },
    });
    expect(await confirm(contact['id'], codeFor('+819011112222'))).toMatchObject({
      data: { confirmMyContact: { contact: { verifiedAt: expect.any(String) as string } } },
    });
    const shown = await execute('{ me { contacts { address } } }', viewer());
    expect(shown.data['me']).toEqual({ contacts: [{ address: '***-****-2222' }] });
  });

  it('that were there are told of a new one, and of one that goes', async () => {
    await verified('MAIL', `first${serial}@example.jp`);
    const second = await verified('MAIL', `second${serial}@example.jp`);
    const told = () =>
      running.carrier.inbox(`first${serial}@example.jp`).map(({ subject }) => subject);
    expect(told()).toContain('7iD 連絡先が追加されました');
    expect(await remove(second)).toMatchObject({
      data: { removeMyContact: { __typename: 'ContactRemoved' } },
    });
    expect(told()).toContain('7iD 連絡先が削除されました');
  });

  it('of which one is verified keep that one', async () => {
    const id = await verified('MAIL', `only${serial}@example.jp`);
    expect(await remove(id)).toMatchObject({
      data: { removeMyContact: { __typename: 'LastContact' } },
    });
  });

  it('are at most six', async () => {
    for (let n = 0; n < 6; n += 1) await add('MAIL', `many${serial}-${n}@example.jp`);
    const { data } = await add('MAIL', `many${serial}-7@example.jp`);
    expect(data['addMyContact']).toMatchObject({ __typename: 'TooManyContacts' });
    expect(running.carrier.inbox(`many${serial}-7@example.jp`)).toEqual([]);
  });

  it('of another member do not exist', async () => {
    const id = await verified('MAIL', `mine${serial}@example.jp`);
    memberId = 'mem_other';
    expect(await remove(id)).toMatchObject({
      data: { removeMyContact: { __typename: 'ContactNotFound' } },
    });
  });

  it.each([
    ['two addresses', 'MAIL', 'a@example.jp,b@example.jp', 'MAIL_INVALID'],
    ['a header', 'MAIL', 'a@example.jp\r\nBcc: b@example.jp', 'MAIL_INVALID'],
    ['a dear number', 'SMS', '+882 1234 5678', 'PHONE_INVALID'],
  ])('are never %s', async (_, channel, address, code) => {
    const before = running.carrier.delivered().length;
    expect((await add(channel, address)).data['addMyContact']).toMatchObject({ code });
    expect(running.carrier.delivered()).toHaveLength(before);
  });

  it.each([
    ['an old login', () => viewer({ authTime: 0 }), 'REAUTHENTICATION_REQUIRED'],
    ['an app without the scope', () => viewer({ scopes: ['wallet'] }), 'FORBIDDEN'],
  ])('are not added by %s', async (_, as, code) => {
    const { errors } = await add('MAIL', 'late@example.jp', as());
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(running.carrier.inbox('late@example.jp')).toEqual([]);
  });

  it('are neither added nor confirmed by a password alone where there is something stronger', async () => {
    const noted = await add('MAIL', `waiting${serial}@example.jp`);
    const { contact } = noted.data['addMyContact'] as { contact: { id: string } };
    const code = codeFor(`waiting${serial}@example.jp`);
    await verified('SMS', '090-3333-4444');
    const before = running.carrier.delivered().length;
    for (const [channel, address] of [
      ['SMS', '090-6666-7777'],
      ['MAIL', `evil${serial}@example.jp`],
    ] as const) {
      expect((await add(channel, address, viewer())).data['addMyContact']).toEqual({
        __typename: 'StepUpRequired',
        code: 'STEP_UP_REQUIRED',
      });
    }
    expect(running.carrier.delivered()).toHaveLength(before);
    // Nor what was noted before there was a telephone.
    expect((await confirm(contact.id, code, viewer())).data).toEqual({
      confirmMyContact: { __typename: 'StepUpRequired' },
    });
    expect((await confirm(contact.id, code, strong())).data['confirmMyContact']).toMatchObject({
      __typename: 'ContactKept',
    });
    expect((await add('SMS', '090-6666-7777', strong())).data['addMyContact']).toMatchObject({
      __typename: 'ContactKept',
    });
  });

  it('are neither added nor confirmed by a password alone where there is nothing else either', async () => {
    const before = running.carrier.delivered().length;
    expect((await add('SMS', '090-6666-7777', viewer())).data['addMyContact']).toEqual({
      __typename: 'StepUpRequired',
      code: 'STEP_UP_REQUIRED',
    });
    expect(running.carrier.delivered()).toHaveLength(before);
  });

  it('are added by a login that shows a code by mail, until there is something stronger', async () => {
    const mailed = viewer({ amr: ['pwd', 'mail'] });
    const { data } = await add('SMS', '090-6666-8888', mailed);
    const { id } = (data['addMyContact'] as { contact: { id: string } }).contact;
    expect(
      (await confirm(id, codeFor('+819066668888'), mailed)).data['confirmMyContact'],
    ).toMatchObject({ __typename: 'ContactKept' });
    expect(
      (await add('MAIL', `next${serial}@example.jp`, mailed)).data['addMyContact'],
    ).toMatchObject({
      code: 'STEP_UP_REQUIRED',
    });
  });

  it('are begun with by a login alone where nothing reaches the member, once', async () => {
    const members = running.connection.collection<{ _id: string }>('identity_members');
    const gone = { mail: 1, canonicalMail: 1, passwordHash: 1, passwordSetAt: 1 } as const;
    await members.updateOne({ _id: memberId }, { $unset: gone }); // an external ID is all they have
    const { data } = await add('MAIL', `outer${serial}@example.jp`, viewer());
    const { id } = (data['addMyContact'] as { contact: { id: string } }).contact;
    const code = codeFor(`outer${serial}@example.jp`);
    expect((await confirm(id, code, viewer())).data['confirmMyContact']).toMatchObject({
      __typename: 'ContactKept',
    });
    expect((await add('SMS', '090-6666-7777', viewer())).data['addMyContact']).toMatchObject({
      code: 'STEP_UP_REQUIRED',
    });
  });

  it('are not taken away by a password alone', async () => {
    const { errors } = await remove('con_1', viewer());
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

describe('an authenticator app', () => {
  const BEGIN =
    'mutation { beginMyAuthenticatorApp { __typename ... on AuthenticatorAppBegun { secret address } } }';
  const CONFIRM =
    'mutation ($code: String!) { confirmMyAuthenticatorApp(code: $code) { __typename ... on RecoveryCodesMade { recoveryCodes } } }';
  const codeOf = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });
  async function enrolled() {
    const begun = await execute(BEGIN, strong());
    const { secret } = begun.data['beginMyAuthenticatorApp'] as { secret: string };
    const made = await execute(CONFIRM, strong(), { code: codeOf(secret) });
    return { secret, made: made.data['confirmMyAuthenticatorApp'] };
  }
  const shown = async (as = viewer()) =>
    (await execute('{ me { authenticatorApp { recoveryCodesLeft } } }', as)).data['me'];

  it('is added by a member who has none, with ten recovery codes', async () => {
    const { made } = await enrolled();
    expect((made as { recoveryCodes: string[] }).recoveryCodes).toHaveLength(10);
    expect(await shown()).toEqual({ authenticatorApp: { recoveryCodesLeft: 10 } });
  });

  it('is not added by a password alone to who has nothing else', async () => {
    expect((await execute(BEGIN, viewer())).data['beginMyAuthenticatorApp']).toEqual({
      __typename: 'StepUpRequired',
    });
  });

  it('is not added by a password alone to who has a telephone, and lets no telephone be added', async () => {
    await verified('SMS', '090-2222-3333');
    expect((await execute(BEGIN, viewer())).data['beginMyAuthenticatorApp']).toEqual({
      __typename: 'StepUpRequired',
    });
    const begun = await execute(BEGIN, strong());
    const { secret } = begun.data['beginMyAuthenticatorApp'] as { secret: string };
    const weak = await execute(CONFIRM, viewer(), { code: codeOf(secret) });
    expect(weak.data['confirmMyAuthenticatorApp']).toEqual({ __typename: 'StepUpRequired' });
    await running.connection.collection('identity_contacts').deleteMany({ memberId });
    await execute(CONFIRM, strong(), { code: codeOf(secret) });
    expect((await add('SMS', '090-2222-3333', viewer())).data['addMyContact']).toMatchObject({
      code: 'STEP_UP_REQUIRED',
    });
  });

  it('is not replaced by a password alone, and is by whoever showed a factor', async () => {
    await enrolled();
    expect((await execute(BEGIN, viewer())).data['beginMyAuthenticatorApp']).toEqual({
      __typename: 'StepUpRequired',
    });
    const { data } = await execute(BEGIN, strong());
    expect(data['beginMyAuthenticatorApp']).toMatchObject({ __typename: 'AuthenticatorAppBegun' });
  });

  it('is taken away, and its codes renewed, by whoever showed a factor', async () => {
    const { secret } = await enrolled();
    const renew = 'mutation { renewMyRecoveryCodes { __typename } }';
    const take =
      'mutation ($code: String!) { removeMyAuthenticatorApp(code: $code) { __typename } }';
    expect((await execute(take, viewer(), { code: codeOf(secret) })).errors).toHaveLength(1);
    expect((await execute(renew, strong())).data).toEqual({
      renewMyRecoveryCodes: { __typename: 'RecoveryCodesMade' },
    });
    expect((await execute(take, strong(), { code: '000000' })).data).toEqual({
      removeMyAuthenticatorApp: { __typename: 'SecondFactorFailed' },
    });
    clock.advance(30_000);
    expect((await execute(take, strong(), { code: codeOf(secret) })).data).toEqual({
      removeMyAuthenticatorApp: { __typename: 'AuthenticatorAppRemoved' },
    });
    expect(await shown()).toEqual({ authenticatorApp: null });
  });

  it('lies in the database under seal', async () => {
    const { secret } = await enrolled();
    const rows = await running.connection.collection('identity_second_factors').find().toArray();
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});
