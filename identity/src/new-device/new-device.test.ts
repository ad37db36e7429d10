import { silentLog } from '@7pay/telemetry';
import type { Message } from '@7pay/world';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import {
  anApp,
  type App,
  APPS,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';
import { agentFamily } from './agent-family.ts';
import { deviceKeys, TOLD_PER_DAY_MAX } from './known-device.ts';
import { tellContacts } from '../not-me/tell-contacts.ts';
import { newDeviceMessage } from './new-device-message.ts';
import { tellNewDevice } from './tell-new-device.consumer.ts';

let running: RunningIdentity;
let app: App;
let serial = 0;
let person = { mail: '' };
let memberId = '';
let now = new Date();
const clock = { now: () => now };

beforeAll(async () => {
  running = await runIdentity({ clock });
  app = await anApp(running.issuer, 'seven-eleven-app');
});
afterAll(() => running.stop());
beforeEach(async () => {
  serial += 1;
  now = new Date();
  person = { mail: `hana${serial}@example.jp` };
  const made = await running.identity.registerMember({
    ...person,
    displayName: 'はな',
    password: PASSWORD,
  });
  if ('memberId' in made) memberId = made.memberId;
});

const news = async () =>
  (
    await running.connection
      .collection('events_outbox')
      .find({ name: 'identity.device.new.v1', 'body.memberId': memberId })
      .toArray()
  ).length;
/** Logs in by a browser of its own: without a cookie of ours until then. */
const logInBy = async (browser = aBrowser({ leaveAt: APPS })) => logIn(app, person, {}, browser);
const forgetPlaces = () =>
  running.connection.collection<{ _id: string }>('identity_knownDevices').deleteMany({
    memberId,
    _id: /\|place\|/,
  });

describe('a login from a device that the member never used', () => {
  it('is told once, and the one that follows a registration is not', async () => {
    const own = aBrowser({ leaveAt: APPS });
    await logInBy(own);
    expect(await news()).toBe(0);
    await forgetPlaces();
    const other = aBrowser({ leaveAt: APPS });
    await logInBy(other);
    expect(await news()).toBe(1);
    await forgetPlaces();
    await logIn(app, person, { prompt: 'login' }, other);
    await logIn(app, person, { prompt: 'login' }, own);
    expect(await news()).toBe(1);
  });

  it('is none when the member used such a browser in this network before, whatever became of its cookie', async () => {
    await logInBy();
    await logInBy();
    expect(await news()).toBe(0);
  });

  it('is told of a member whose devices nobody remembers, unless they just registered', async () => {
    await running.connection
      .collection('identity_members')
      .updateOne({ mail: person.mail }, { $set: { registeredAt: new Date(0) } });
    await logInBy();
    expect(await news()).toBe(1);
  });

  it('is told at most so often a day', async () => {
    await logInBy();
    for (let count = 0; count < TOLD_PER_DAY_MAX + 2; count += 1) {
      await forgetPlaces();
      await logInBy();
    }
    expect(await news()).toBe(TOLD_PER_DAY_MAX);
  });

  it('is not accepted when it cannot be written that it is to be told', async () => {
    await logInBy();
    await forgetPlaces();
    const outbox = running.connection.collection('events_outbox');
    const before = await news();
    await running.connection.db?.command({
      collMod: outbox.collectionName,
      validator: { never: true },
    });
    const back = await logInBy().then(
      ({ back: page }) => new URL(page.url).searchParams.has('code'),
      () => false,
    );
    await running.connection.db?.command({ collMod: outbox.collectionName, validator: {} });
    expect(back).toBe(false);
    expect(await news()).toBe(before);
  });
});

describe('what the contacts are told', () => {
  const event = {
    id: 'evt_1',
    name: 'identity.device.new.v1',
    at: '2019-07-01T00:00:00Z',
    body: {
      memberId: 'mem_1',
      clientId: 'seven-eleven-app',
      loggedInAt: '2019-07-02T15:30:00.000Z',
      country: 'CN',
      network: 'as:4134',
      agent: 'Chrome/Windows',
    },
  };
  const contacts = [
    { channel: 'mail' as const, address: 'hana@example.jp' },
    { channel: 'sms' as const, address: '+819011112222' },
  ].map((one) => ({ ...one, memberId: 'mem_1', addedAt: new Date(0), verifiedAt: new Date(0) }));
  const telling = (delivery: 'SENT' | 'UNKNOWN', sent: Message[]) =>
    tellNewDevice({
      members: { find: async () => ({ id: 'mem_1', locale: 'ja' }) as never },
      clientName: async () => 'セブンアプリ',
      tellContacts: tellContacts({
        contacts: { verifiedOf: async () => contacts },
        tokens: { offer: async () => {} },
        messenger: { send: async (message) => (sent.push(message), delivery) },
        issuer: 'https://id.example',
        secret: 'a secret of the installation, 32+',
        log: silentLog,
      }),
    });

  it('goes to each verified contact by an id that follows from the event, with a link of its own and no code', async () => {
    const sent: Message[] = [];
    await telling('SENT', sent).handle(event as never);
    await telling('SENT', sent).handle(event as never);
    expect(sent.map(({ to }) => to)).toEqual([
      'hana@example.jp',
      '+819011112222',
      'hana@example.jp',
      '+819011112222',
    ]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
    for (const { text } of sent) {
      expect(text).toContain('2019/07/03 0:30');
      expect(text).toContain('中国, AS4134');
      expect(text).toContain('パスワードだけで停止できます');
      expect(text).not.toMatch(/\b\d{6}\b/);
      expect(text.match(/https:\S+/g)).toHaveLength(1);
    }
    const links = sent.map(
      ({ text }) => /https:\/\/id\.example\/not-me\/[\w-]{43}/.exec(text)?.[0],
    );
    expect(new Set(links).size).toBe(2);
    expect(links[2]).toBe(links[0]);
  });

  it('is tried again when the carrier gives no answer, for every contact', async () => {
    const sent: Message[] = [];
    await expect(telling('UNKNOWN', sent).handle(event as never)).rejects.toThrow('no answer');
    expect(sent).toHaveLength(2);
  });

  it('says that a place is not known rather than a digest', () => {
    const { text } = newDeviceMessage(
      { loggedInAt: new Date(0), appName: 'Seven app', network: 'aGVsbG8' },
      { locale: 'en', link: '' },
    );
    expect(text).toContain('Where: unknown');
    expect(text).not.toContain('aGVsbG8');
  });
});

describe('what a device is known by', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
      'Chrome/Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1',
      'Safari/iOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 EdgA/126.0',
      'Edge/Android',
    ],
    ['curl/8', 'other/other'],
    ['', null],
  ])('%s is of the family %s', (header, family) => {
    expect(agentFamily(header)).toBe(family);
  });

  it('is nothing where neither a cookie nor a network is known', () => {
    const nothing = { memberId: 'mem_1', device: null, network: null, agent: 'Chrome/iOS' };
    expect(deviceKeys(nothing)).toEqual([]);
  });
});
