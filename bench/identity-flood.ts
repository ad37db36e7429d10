import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { aBrowser } from '../identity/src/testing/browser.ts';
import type { Flood, FloodSetting } from './identity-flooder.ts';
import { logIn, loginAddress, type OpenIdSide } from './identity-requests.ts';
import { type Closing, program } from './program.ts';
import { atMost, type Figure, quantile, told } from './report.ts';
import { cpuMsOf } from './side.ts';

const HONEST_PAUSE_MS = 20;
const FLOOD_MS_MAX = 60_000;

/**
 * Wrong passwords, 500 a second from 250 networks whether they are answered or not, by a process of its own, while members log in
 * one after another from another network.
 */
export async function floodOfTries(
  ours: OpenIdSide,
  deps: { dataDir: string; closing: Closing; commands: () => Promise<number> },
): Promise<Figure[]> {
  const { dataDir, closing, commands } = deps;
  const alone = await logins(ours, () => false, 20);
  const setting: FloodSetting = {
    url: ours.url,
    address: loginAddress(ours, 'x'.repeat(43)),
    networks: 250,
    perSecond: 500,
    seconds: 30, // a hundred logins and more: of fewer the 99th in a hundred is the worst one
    begun: path.join(dataDir, 'flood-begun'),
    over: path.join(dataDir, 'flood-over.json'),
  };
  program('identity-flooder', setting, closing);
  await appears(setting.begun);
  const before = { cpuMs: cpuMsOf(ours.pid), commands: await commands() };
  const among = await logins(ours, () => existsSync(setting.over), Infinity);
  const flood = JSON.parse(readFileSync(setting.over, 'utf8')) as Flood;
  const { perSecond, turnedAway, lookedAt } = flood;
  const tries = turnedAway + lookedAt;
  const cpuMs = cpuMsOf(ours.pid) - before.cpuMs;
  const sent = (await commands()) - before.commands;
  return [
    told('flood of tries: sent', perSecond, '1/s'),
    told('flood of tries: turned away unread', turnedAway / tries, 'of 1'),
    told('flood of tries: processor time of 7iD', cpuMs / tries, 'ms each'),
    told('flood of tries: commands to the database', sent / tries, 'each'),
    told('flood of tries: honest login without it, p99', quantile(alone.waits, 0.99), 'ms'),
    told('flood of tries: honest logins that came through', among.waits.length, ''),
    atMost('flood of tries: honest logins turned away', among.refused, '', 0),
    told('flood of tries: honest login, p50', quantile(among.waits, 0.5), 'ms'),
    told('flood of tries: honest login, p95', quantile(among.waits, 0.95), 'ms'),
    told('flood of tries: honest login, the longest', quantile(among.waits, 1), 'ms'),
    atMost('flood of tries: honest login, p99', quantile(among.waits, 0.99), 'ms', 400),
  ];
}

async function logins(side: OpenIdSide, isOver: () => boolean, most: number) {
  const waits: number[] = [];
  let refused = 0;
  while (!isOver() && waits.length + refused < most) {
    const from = performance.now();
    const tokens = await logIn(side, waits.length, aBrowser()).catch(() => null);
    if (tokens) waits.push(performance.now() - from);
    else refused += 1;
    await wait(HONEST_PAUSE_MS);
  }
  return { waits, refused };
}

async function appears(file: string): Promise<void> {
  const until = performance.now() + FLOOD_MS_MAX;
  while (!existsSync(file)) {
    if (performance.now() > until) throw new Error('the flood did not begin');
    await wait(50);
  }
}
