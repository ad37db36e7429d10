import type { GraphAnswer, GraphClient } from '@7pay/ui';
import { describe, expect, it } from 'vitest';
import type { DeviceStore, KeptDevice } from './device.store.ts';
import { openDeviceCodes } from './device-codes.ts';
import { makeDeviceKey } from './device-code.ts';

type Reply = Record<string, unknown> | 'LOST';

/** A platform that answers as it is told, one after another, and counts what it was asked. */
async function aPlatform(...replies: ((asked: string) => Reply)[]) {
  const server = await makeDeviceKey();
  const asked: { name: string; variables: unknown }[] = [];
  const answers = {
    registered: () => ({
      registerPaymentDevice: {
        __typename: 'PaymentDeviceRegistered',
        device: { id: 'dev_1' },
        serverKeyX: server.x,
        serverKeyY: server.y,
      },
    }),
    handles:
      (count: number, change: object = {}) =>
      () => ({
        issueHandles: {
          __typename: 'HandlesIssued',
          handles: Array.from({ length: count }, (_, index) => String(index).padStart(11, '1')),
          replacesAll: false,
          now: '2026-01-01T00:00:00.000Z',
          ...change,
        },
      }),
    refused: (root: string, __typename: string) => () => ({
      [root]: { __typename, code: 'X', message: 'm' },
    }),
  };
  const queue = [...replies];
  const graph: GraphClient = async <Data, Variables>(
    { name }: { name: string },
    variables: Variables,
  ) => {
    asked.push({ name, variables });
    const reply = queue.shift()?.(name) ?? 'LOST';
    const fault = { kind: 'UNKNOWN_OUTCOME', code: 'UNREACHABLE', reference: null };
    return (reply === 'LOST' ? { fault } : { data: reply, partial: false }) as GraphAnswer<Data>;
  };
  return { graph, asked, answers, answer: (...more: typeof replies) => queue.push(...more) };
}

function aBrowser(graph: GraphClient, { now = (): number => 0, isBroken = false } = {}) {
  let kept: KeptDevice | null = null;
  const notes = new Map<string, string>();
  const store: DeviceStore = {
    read: async () => {
      if (isBroken) throw new Error('no data is kept here');
      return kept;
    },
    write: async (device) => void (kept = device),
    forget: async () => void (kept = null),
  };
  const codes = openDeviceCodes({
    store,
    graph,
    now,
    notes: {
      getItem: (key) => notes.get(key) ?? null,
      setItem: (key, value) => void notes.set(key, value),
      removeItem: (key) => void notes.delete(key),
    },
  });
  return { codes, kept: () => kept };
}

describe('the codes that a browser makes', () => {
  it('need the platform once, and then no more for each step', async () => {
    const platform = await aPlatform();
    platform.answer(platform.answers.registered, platform.answers.handles(2));
    let now = 0;
    const { codes } = aBrowser(platform.graph, { now: () => now });
    expect(await codes.contact()).toEqual({ reached: true, replaced: false });
    const handle = await codes.takeHandle();
    const first = await codes.digits(handle!);
    expect(first).toMatchObject({ leftMs: 30_000 });
    expect(first?.code).toMatch(new RegExp(`^711000772${handle}\\d{4}$`));
    now = 12_000;
    expect(await codes.digits(handle!)).toEqual({ code: first?.code, leftMs: 18_000 });
    now = 30_000;
    expect((await codes.digits(handle!))?.code).not.toBe(first?.code);
    expect(platform.asked.map(({ name }) => name)).toEqual([
      'RegisterPaymentDevice',
      'IssueHandles',
    ]);
  });

  it('show each handle once', async () => {
    const platform = await aPlatform();
    platform.answer(platform.answers.registered, platform.answers.handles(2));
    const { codes } = aBrowser(platform.graph);
    await codes.contact();
    const taken = [await codes.takeHandle(), await codes.takeHandle(), await codes.takeHandle()];
    expect(new Set(taken).size).toBe(3);
    expect(taken.at(-1)).toBeNull();
  });

  it('send the same key again when the answer to the registration was lost', async () => {
    const platform = await aPlatform(() => 'LOST');
    const { codes } = aBrowser(platform.graph);
    expect(await codes.contact()).toHaveProperty('fault');
    platform.answer(platform.answers.registered, platform.answers.handles(1));
    expect(await codes.contact()).toMatchObject({ reached: true });
    const [first, second] = platform.asked;
    expect(second?.variables).toEqual(first?.variables);
  });

  it('drop what the platform calls dead', async () => {
    const platform = await aPlatform();
    platform.answer(platform.answers.registered, platform.answers.handles(3));
    const { codes, kept } = aBrowser(platform.graph);
    await codes.contact();
    platform.answer(platform.answers.handles(1, { replacesAll: true }));
    expect(await codes.contact()).toEqual({ reached: true, replaced: true });
    expect(kept()?.handles).toHaveLength(1);
  });

  it('of a device that was removed, or another member’s, are forgotten and made anew, once', async () => {
    const platform = await aPlatform();
    platform.answer(platform.answers.registered, platform.answers.handles(3));
    const { codes, kept } = aBrowser(platform.graph);
    await codes.contact();
    const { x } = kept()!;
    const unknown = platform.answers.refused('issueHandles', 'PaymentDeviceUnknown');
    platform.answer(unknown, platform.answers.registered, platform.answers.handles(3));
    expect(await codes.contact()).toMatchObject({ reached: true });
    expect(kept()?.x).not.toBe(x);
    platform.answer(unknown, platform.answers.registered, unknown);
    expect(await codes.contact()).toHaveProperty('refusal');
  });

  it('are not shown to whoever uses the tab next', async () => {
    const platform = await aPlatform();
    platform.answer(platform.answers.registered, platform.answers.handles(3));
    const { codes } = aBrowser(platform.graph);
    expect(await codes.takeHandle()).toBeNull();
    await codes.contact();
    expect(codes.isConfirmed).toBe(true);
    codes.distrust();
    expect(codes.isConfirmed).toBe(false);
    expect(await codes.takeHandle()).toBeNull();
  });

  it('are left to the platform when the browser keeps nothing, and when there are five devices', async () => {
    const platform = await aPlatform();
    expect(await aBrowser(platform.graph, { isBroken: true }).codes.contact()).toBe('UNSUITABLE');
    platform.answer(platform.answers.refused('registerPaymentDevice', 'TooManyPaymentDevices'));
    expect(await aBrowser(platform.graph).codes.contact()).toBe('UNSUITABLE');
  });

  it('are made with a key that cannot be read out', async () => {
    const { key } = await makeDeviceKey();
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', key)).rejects.toThrow();
  });
});
