import { digest } from '@7pay/ids';
import { createLog, silentLog } from '@7pay/telemetry';
import type { Message } from '@7pay/world';
import { describe, expect, it } from 'vitest';
import type { Member } from '../account/member.ts';
import type { Contact } from '../contact/contact.ts';
import { mailNotice } from './mail-notice.consumer.ts';

const member: Member = {
  id: 'mem_1',
  mail: 'hanako@example.com',
  displayName: '花子',
  roles: [],
  locale: 'ja',
  registeredAt: new Date(0),
  passwordSetAt: null,
  passwordGeneration: null,
  loginsEndedAt: null,
  lock: null,
  mustReplacePassword: false,
  loginIdProvenAt: null,
};
const body = {
  noticeId: 'ntc:pay_1:accept',
  memberId: 'mem_1',
  titleJa: 'お支払いがありました',
  bodyJa: '千代田店、30,000円。残高は0円です。',
  titleEn: 'A payment was made',
  bodyEn: '30,000 yen.',
};
const event = { id: 'evt', name: 'wallet.mail-due.v1', at: '2019-07-01T00:00:00Z', body };

const none = { verifiedOf: async () => [] };
const at = (day: number) => new Date(day * 86_400_000);
const contact = (address: string, verifiedAt = at(1)): Contact => ({
  memberId: 'mem_1',
  channel: 'mail',
  address,
  addedAt: at(1),
  verifiedAt,
});
const [own, other] = [contact('hanako@example.com'), contact('other@example.jp', at(3))];

describe('a notice that is due by mail', () => {
  it.each<[string, Partial<Member>, Contact[], string[]]>([
    ['a login ID that is verified', {}, [other, own], [own.address]],
    ['another mail, where the login ID is not', {}, [other], [other.address]],
    [
      'another mail, once the login ID was taken away',
      { loginIdProvenAt: at(2) },
      [other],
      [other.address],
    ],
    ['nobody, once the only mail was taken away', { loginIdProvenAt: at(2) }, [], []],
    [
      'no contact that was added by whom the member disowned',
      { lock: { at: at(4), since: at(2), without: [], liftedAt: null } },
      [other],
      [own.address],
    ],
  ])('goes to %s', async (_, told, verified, to) => {
    const sent: Message[] = [];
    const deps = {
      members: { find: async () => ({ ...member, ...told }) },
      contacts: { verifiedOf: async () => verified },
      messenger: { send: async (message: Message) => (sent.push(message), 'SENT' as const) },
      log: silentLog,
    };
    await mailNotice(deps).handle(event as never);
    expect(sent.map((message) => message.to)).toEqual(to);
  });

  it.each([
    ['ja', '7pay: お支払いがありました'],
    ['en', '7pay: A payment was made'],
  ] as const)('goes to the address of its member, in %s', async (locale, subject) => {
    const sent: Message[] = [];
    const send = async (message: Message) => {
      sent.push(message);
      return 'SENT' as const;
    };
    const lines: string[] = [];
    const log = createLog({
      service: 'identity',
      destination: { write: (line) => void lines.push(line) },
    });
    const find = async () => ({ ...member, locale });
    await mailNotice({ members: { find }, contacts: none, messenger: { send }, log }).handle(
      event as never,
    );
    expect(sent).toMatchObject([
      { id: digest(body.noticeId), channel: 'mail', to: member.mail, subject },
    ]);
    expect(sent[0]!.text).not.toMatch(/https?:/);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('@');
  });

  it('goes nowhere for a member without an address, and is tried again when the carrier gives no answer', async () => {
    const log = silentLog;
    const fails = { send: async () => 'UNKNOWN' as const };
    const shared = { contacts: none, messenger: fails, log };
    const nowhere = mailNotice({
      members: { find: async () => ({ ...member, mail: null }) },
      ...shared,
    });
    await expect(nowhere.handle(event as never)).resolves.toBeUndefined();
    const failing = mailNotice({ members: { find: async () => member }, ...shared });
    await expect(failing.handle(event as never)).rejects.toThrow('no answer');
  });
});
