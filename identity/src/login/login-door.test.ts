import { silentLog } from '@7pay/telemetry';
import { fixedClock } from '@7pay/time';
import type { Context } from 'koa';
import { expect, it } from 'vitest';
import '../account/password-hashes.ts'; // declares the refusal
import { openAdmission } from '../admission/admission.ts';
import type { AwayCause } from '../audit/turned-away.ts';
import type { IdentitySettings } from '../settings.ts';
import { RANKS } from '../password/rank.ts';
import { loginDoor } from './login-door.ts';

const clock = fixedClock('2026-07-01T09:00:00Z');

function aDoor() {
  const noted: AwayCause[] = [];
  const asked: number[] = [];
  let room = true;
  const admission = openAdmission({ log: silentLog });
  const door = loginDoor({
    admission,
    browsers: { knowsAnybody: () => false, sourceOf: () => null, remember: () => {} },
    hashes: {
      hasRoom: ({ rank }) => {
        asked.push(rank);
        return room;
      },
    },
    turnedAway: {
      note: (_from, cause) => void noted.push(cause),
      write: async () => {},
      close: async () => {},
    },
    whereFrom: () => ({ network: 'net:1', country: null }),
    // Of the settings the door looks at these.
    settings: { issuer: 'http://7id', cookieKeys: ['key'], pageLinks: {} } as IdentitySettings,
    clock,
  });
  const enter = () => {
    // Nothing of the request is read: there is none.
    const ctx = { query: {}, cookies: { get: () => undefined }, get: () => '', set: () => {} };
    return door.enter(ctx as unknown as Context, 'uid');
  };
  return { door, admission, noted, asked, enter, close: () => (room = false) };
}

it('the door lets in who has a budget and finds room', async () => {
  const { enter, noted, asked } = aDoor();
  expect(await enter()).toEqual({ source: 'net:1', form: undefined });
  expect([noted, asked]).toEqual([[], [RANKS.NOTHING_KNOWN]]);
});

it('turns away for lack of room, which uses the budget of a network up where nobody is right', async () => {
  const { enter, noted, close } = aDoor();
  close();
  for (let n = 0; n < 32; n += 1) expect(await enter()).toBe('TURNED_AWAY');
  expect(noted).toEqual([
    ...Array.from({ length: 30 }, () => 'NO_ROOM'),
    'NETWORK_SPENT',
    'NETWORK_SPENT',
  ]);
});

it('asks for no room for a network that is spent, and for a better place where somebody was right', async () => {
  const { enter, admission, asked, noted } = aDoor();
  admission.note('net:1', true, clock.now());
  await enter();
  for (let n = 0; n < 30; n += 1) admission.note('net:1', false, clock.now());
  expect(await enter()).toBe('TURNED_AWAY');
  expect([asked, noted]).toEqual([[1], ['NETWORK_SPENT']]);
});
