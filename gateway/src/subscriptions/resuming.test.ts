import type { LoginFacts, LoginVerdict } from '@7pay/controls';
import { eventually } from '@7pay/testing';
import { fixedClock } from '@7pay/time';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { memberViewer } from '../testing/viewers.ts';
import { toldGateway } from './testing/told-gateway.ts';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});
async function told(...given: Parameters<typeof toldGateway>) {
  const made = await toldGateway(...given);
  open.push(made);
  return made;
}
type Told = Awaited<ReturnType<typeof told>>;
const lineOf = (gateway: Told, index = 0) => eventually(async () => gateway.lines[index]);

/** A client that was told one thing, and the id of that. */
async function clientOf(gateway: Told, options: Parameters<Told['open']>[0] = {}) {
  const before = gateway.lines.length;
  const client = await gateway.open(options);
  (await lineOf(gateway, before)).tell('Aya', 'c1');
  const { id = '' } = await client.next();
  return { client, id };
}

describe('the id of an event', () => {
  it('is where the subgraph goes on from', async () => {
    const gateway = await told();
    const { client, id } = await clientOf(gateway);
    client.close();
    const again = await gateway.open({ lastEventId: id });
    const line = await lineOf(gateway, 1);
    expect(line.call.after).toBe('c1');
    line.tell('Aya Mori', 'c2');
    expect(await again.answer()).toEqual({ data: { person: { name: 'Aya Mori', age: 30 } } });
  });

  it('holds at any gateway that has the key, and at none that has another', async () => {
    const cursorKey = new Uint8Array(32).fill(7);
    const [one, two, other] = [
      await told({}, { cursorKey }),
      await told({}, { cursorKey }),
      await told(),
    ];
    const { id } = await clientOf(one);
    expect((await two.open({ lastEventId: id })).status).toBe(200);
    expect((await other.open({ lastEventId: id })).status).toBe(400);
  });

  it('that is too old brings the present, with the remark that there is a gap', async () => {
    const clock = fixedClock('2019-07-01T00:00:00Z');
    const gateway = await told({ cursorMs: 60_000 }, { clock });
    const { id } = await clientOf(gateway);
    clock.advance(60_001);
    const again = await gateway.open({ lastEventId: id });
    const line = await lineOf(gateway, 1);
    expect(line.call.after).toBeUndefined();
    line.tell('Aya Mori', 'c2');
    line.tell('Aya', 'c3');
    expect((await again.answer()).extensions).toEqual({ gap: true });
    expect((await again.answer()).extensions).toBeUndefined();
  });

  it('of a subgraph that has lost the history brings the same remark', async () => {
    const gateway = await told();
    const { client } = await clientOf(gateway);
    const [line] = gateway.lines;
    line?.say({ result: { data: { own__person: null } }, cursor: 'c2', gap: true });
    expect(await client.answer()).toEqual({ data: { person: null }, extensions: { gap: true } });
  });

  it('is good for the same caller and the same question alone, and cannot be made', async () => {
    let memberId = 'mem_1';
    const gateway = await told({}, { readViewer: async () => memberViewer(memberId, 'app') });
    const { id } = await clientOf(gateway);
    const [body = '', mac = ''] = id.split('.');
    const forged = Buffer.from(JSON.stringify(['c0', Date.now()])).toString('base64url');
    const hostile = [
      `${forged}.${mac}`,
      `${body}.${'A'.repeat(43)}`,
      body,
      `${body}.`,
      `${id}x`,
      '__proto__',
      `${'a'.repeat(4_000)}.${mac}`,
      'c1',
      '{"cursor":"c1"}',
    ];
    for (const lastEventId of hostile) {
      const refused = await gateway.open({ lastEventId });
      expect(refused.status, lastEventId.slice(0, 80)).toBe(400);
      expect((await refused.json()).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    const other = 'subscription { person: personChanged(id: "2") { name age } }';
    expect((await gateway.open({ lastEventId: id }, other)).status).toBe(400);
    memberId = 'mem_2';
    expect((await gateway.open({ lastEventId: id })).status).toBe(400);
    memberId = 'mem_1';
    expect((await gateway.open({ lastEventId: id })).status).toBe(200);
    expect(gateway.lines.length).toBe(2);
  });
});

describe('a source that breaks', () => {
  it('is opened again behind the last event, and the client notices nothing', async () => {
    const gateway = await told();
    const { client } = await clientOf(gateway);
    gateway.lines[0]?.break();
    const second = await lineOf(gateway, 1);
    expect(second.call.after).toBe('c1');
    second.tell('Aya Mori', 'c2');
    expect((await client.answer()).data.person?.name).toBe('Aya Mori');
    second.say({
      result: { errors: [{ message: '', extensions: { code: 'UNAVAILABLE' } } as never] },
    });
    expect((await lineOf(gateway, 2)).call.after).toBe('c2');
  });

  it('ends the stream as unavailable when it stays away, and can be come back to', async () => {
    const gateway = await told({ awayMs: 50 });
    const { client, id } = await clientOf(gateway);
    gateway.away('away');
    gateway.lines[0]?.break();
    expect((await client.answer()).errors?.[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(await client.next()).toMatchObject({ event: 'complete' });
    gateway.away('back');
    await eventually(async () => (await gateway.open({ lastEventId: id })).status === 200);
  });
});

describe('the end of an access token', () => {
  const tokenUntil = (at: string, login: object = {}) =>
    new SignJWT({ ...login })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(new Date(at))
      .sign(new Uint8Array(32));

  it('is the end of its stream: UNAUTHENTICATED, and the id to come back with', async () => {
    const clock = fixedClock('2019-07-01T00:00:00Z');
    const gateway = await told({}, { clock });
    const token = await tokenUntil('2019-07-01T00:05:00Z');
    const { client, id } = await clientOf(gateway, { token });
    clock.advance(299_000);
    gateway.lines[0]?.tell('Aya Mori', 'c2');
    expect((await client.answer()).data.person?.name).toBe('Aya Mori');
    clock.advance(1_000);
    const last = await client.next();
    expect(last.data.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(last.id).not.toBe(id);
    expect(await client.next()).toMatchObject({ data: { reason: 'TOKEN_ENDED' } });
    await eventually(async () => gateway.lines.every(({ isOpen }) => !isOpen));
  });

  it('of a login that was stopped meanwhile is the end too, and other logins are told on', async () => {
    const clock = fixedClock('2019-07-01T00:00:00Z');
    const stopped = new Set<string>();
    const stop = { by: 'login.external.line', since: new Date(0), reason: null };
    const judge = ({ amr = [] }: LoginFacts): LoginVerdict =>
      amr.some((method) => stopped.has(method))
        ? { holds: false, stop }
        : { holds: true, withoutScopes: [] };
    const gateway = await told({}, { clock, judge });
    const by = (method: string) => tokenUntil('2019-07-01T00:05:00Z', { amr: [method] });
    const { client: fed } = await clientOf(gateway, { token: await by('fed:line') });
    const other = await gateway.open({ token: await by('pwd') });
    stopped.add('fed:line');
    expect((await fed.next()).data.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(await fed.next()).toMatchObject({ data: { reason: 'TOKEN_ENDED' } });
    (await lineOf(gateway, 1)).tell('Aya Mori', 'c2');
    expect((await other.answer()).data.person?.name).toBe('Aya Mori');
  });

  it('that has passed already lets nothing be told', async () => {
    const clock = fixedClock('2019-07-01T01:00:00Z');
    const gateway = await told({}, { clock });
    const client = await gateway.open({ token: await tokenUntil('2019-07-01T00:59:59Z') });
    expect((await client.answer()).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('another supergraph', () => {
  it('completes the streams of the one before; who comes back is planned by the new one and misses nothing', async () => {
    const gateway = await told();
    const { client, id } = await clientOf(gateway);
    await gateway.serveNext();
    expect(await client.next()).toMatchObject({ event: 'complete', data: { reason: 'MOVED' } });
    const again = await gateway.open({ lastEventId: id });
    const line = await lineOf(gateway, 1);
    expect(line.call.after).toBe('c1');
    line.tell('Aya Mori', 'c2');
    expect((await again.answer()).data.person).toEqual({ name: 'Aya Mori', age: 30 });
  });
});
