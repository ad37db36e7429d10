import { refuse } from '@7pay/refusals';
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

const NO_FORM = refuse('FORM_NOT_ACCEPTED');
const clock = fixedClock('2026-07-01T09:00:00Z');

function aDoor(network = () => 'net:1') {
  const noted: AwayCause[] = [];
  const asked: number[] = [];
  let room = true;
  const admission = openAdmission({ log: silentLog });
  const door = loginDoor({
    admission,
    browsers: { knowsAnybody: () => false, sourceOf: () => null, remember: () => {} },
    hashes: {
      roomMax: 3,
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
    whereFrom: () => ({ network: network(), country: null }),
    // Of the settings the door looks at these.
    settings: { issuer: 'http://7id', cookieKeys: ['key'], pageLinks: {} } as IdentitySettings,
    clock,
  });
  const enter = () => {
    // No form is posted: that is told by the step, not by the door.
    const ctx = {
      req: { headers: {} },
      query: {},
      cookies: { get: () => undefined },
      get: () => '',
      set: () => {},
    };
    return door.enter(ctx as unknown as Context, 'uid');
  };
  return { door, admission, noted, asked, enter, close: () => (room = false) };
}

it('the door lets in who has a budget and finds room', async () => {
  const { enter, noted, asked } = aDoor();
  expect(await enter()).toMatchObject({ source: 'net:1', form: NO_FORM });
  expect([noted, asked]).toEqual([[], [RANKS.NOTHING_KNOWN, RANKS.NOTHING_KNOWN]]);
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
  expect([asked, noted]).toEqual([[RANKS.RIGHT_OF_LATE, RANKS.RIGHT_OF_LATE], ['NETWORK_SPENT']]);
});

it('lets no more in at once than may wait, before any of them has come to wait', async () => {
  let serial = 0;
  const { enter, noted } = aDoor(() => `net:${(serial += 1)}`);
  const first = await Promise.all([1, 2, 3, 4].map(() => enter()));
  expect(first.filter((each) => each === 'TURNED_AWAY')).toHaveLength(1);
  expect(noted).toEqual(['NO_ROOM']);
  const [one] = first;
  if (typeof one === 'object') one.leave();
  expect(await enter()).toMatchObject({ form: NO_FORM });
  expect(await enter()).toBe('TURNED_AWAY');
});

it('lets in among them who was right of late, and is not full for them by those who are worse', async () => {
  let network = 'net:wrong';
  const { enter, admission } = aDoor(() => network);
  admission.note('net:wrong', false, clock.now());
  admission.note('net:home', true, clock.now());
  for (let n = 0; n < 3; n += 1) expect(await enter()).toMatchObject({ source: 'net:wrong' });
  expect(await enter()).toBe('TURNED_AWAY');
  network = 'net:new';
  for (let n = 0; n < 3; n += 1) expect(await enter()).toMatchObject({ source: 'net:new' });
  expect(await enter()).toBe('TURNED_AWAY');
  network = 'net:home';
  for (let n = 0; n < 5; n += 1) expect(await enter()).toMatchObject({ source: 'net:home' });
});
