import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixedClock } from '@7pay/time';
import { httpMessenger, type Message } from '@7pay/world';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CarrierFault, createMessageCarrier, type MessageCarrier } from './message-carrier.ts';

const SECRET = 'shared-with-the-carrier';
const clock = fixedClock('2019-07-01T00:00:00Z');
let carrier: MessageCarrier;
let server: Server;
let url: string;
beforeEach(async () => {
  carrier = createMessageCarrier({ secret: SECRET, clock });
  server = createServer(carrier.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const message: Message = {
  id: 'msg_1',
  channel: 'mail',
  to: 'hana@example.jp',
  subject: 'ログインのお知らせ',
  text: '<新しい端末> & "時刻"',
};
const messenger = (secret = SECRET, attempts = 1) =>
  httpMessenger({ url, secret, attempts, timeoutMs: 1_000 }, clock);

describe('a message', () => {
  it('is delivered once, however often it is sent', async () => {
    expect(await messenger().send(message)).toBe('SENT');
    expect(await messenger().send(message)).toBe('SENT');
    expect(carrier.inbox('hana@example.jp')).toEqual([{ ...message, at: clock.now() }]);
    expect(carrier.inbox('taro@example.jp')).toEqual([]);
  });

  it('by SMS leaves without a subject, whatever was written', async () => {
    const sms = { ...message, channel: 'sms', to: '+819012345678' } as const;
    expect(await messenger().send(sms)).toBe('SENT');
    expect(carrier.inbox(sms.to)).toEqual([{ ...sms, subject: '', at: clock.now() }]);
  });

  it('with the id of another one is refused', async () => {
    await messenger().send(message);
    expect(await messenger().send({ ...message, to: 'taro@example.jp' })).toBe('REFUSED');
    expect(carrier.delivered()).toHaveLength(1);
  });

  it('that nobody signed reaches nobody', async () => {
    expect(await messenger('another secret').send(message)).toBe('UNKNOWN');
    expect(carrier.delivered()).toEqual([]);
  });

  it.each<[CarrierFault, string, number]>([
    ['REFUSED', 'REFUSED', 0],
    ['DOWN', 'UNKNOWN', 0],
    ['LOST_ANSWER', 'UNKNOWN', 1],
    ['WRONG_SIGNATURE', 'UNKNOWN', 1],
  ])('of a carrier that is %s is %s', async (fault, delivery, delivered) => {
    carrier.fail(fault);
    expect(await messenger().send(message)).toBe(delivery);
    expect(carrier.delivered()).toHaveLength(delivered);
    expect(await messenger().send(message)).toBe('SENT');
    expect(carrier.delivered()).toHaveLength(1);
  });
});

describe('the inbox', () => {
  it('shows what came, newest first, as text', async () => {
    await messenger().send(message);
    await messenger().send({ ...message, id: 'msg_2', to: 'taro@example.jp', text: 'second' });
    const all = await (await fetch(`${url}/messages`)).text();
    expect(all.indexOf('second')).toBeLessThan(all.indexOf('hana@example.jp'));
    expect(all).toContain('&#60;新しい端末&#62; &#38; &#34;時刻&#34;');
    const one = await (await fetch(`${url}/messages?to=hana@example.jp`)).text();
    expect(one).not.toContain('second');
  });
});
