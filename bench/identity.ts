import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { spawnEmbeddedMongo } from '@7pay/embedded-mongo';
import { exportJWK, generateKeyPair } from 'jose';
import { aBrowser, type Browser } from '../identity/src/testing/browser.ts';
import { floodOfTries } from './identity-flood.ts';
import { costOfTheGate } from './identity-gate.ts';
import { benchMembers } from './identity-members.ts';
import {
  type Act,
  clientCredentials,
  fullLogin,
  logIn,
  loginInSession,
  type OpenIdSide,
  read,
  refresh,
} from './identity-requests.ts';
import { type Closing, program } from './program.ts';
import { atMost, type Figure, quantile, told } from './report.ts';
import { cpuMsOf } from './side.ts';

const ROUNDS = 3;
const ROUND_MS = 1_000;
const IN_FLIGHT = 4;
const LOGINS_COUNTED = 8;
const STARTING_TRIES = 300;

/** Each may be run alone: `npm run bench -- identity --part flood`. */
const PARTS = ['beside', 'commands', 'gate', 'flood', 'members'] as const;

/**
 * 7iD on the embedded engine beside the bare library with its adapter in memory, each a process of its own, round by round in
 * turn. The library by itself keeps nothing, judges nothing and looks at no password.
 */
export async function benchIdentity(part?: string): Promise<Figure[]> {
  if (part !== undefined && !PARTS.some((each) => each === part))
    throw new Error(`identity has the parts ${PARTS.join(', ')}`);
  const isAsked = (each: (typeof PARTS)[number]) => part === undefined || part === each;
  const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-bench-identity-'));
  const closing: Closing = [() => rmSync(dataDir, { recursive: true, force: true })];
  const engine = await spawnEmbeddedMongo({ dataDir });
  closing.push(() => engine.stop());
  try {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const terminal = await exportJWK(publicKey);
    const port = 21_000 + Math.floor(Math.random() * 8_000);
    const shared = { mongodbUri: engine.uri, terminal };
    const start = async (kind: string, first: number, form: OpenIdSide['form'], name: string) => {
      const { pid = 0 } = program('identity-server', { ...shared, kind, port: first }, closing);
      const side = { name, url: `http://localhost:${first}`, pid, form };
      await answers(side);
      return side;
    };
    const ours = await start('ours', port, { action: '/login', loginId: 'mail' }, '7iD');
    const bare = await start('bare', port + 10, { action: '', loginId: 'login' }, 'bare library');
    const kinds: [string, (side: OpenIdSide) => Promise<Act> | Act][] = [
      ['discovery', (side) => read(side, '/.well-known/openid-configuration')],
      ['JWKS', (side) => read(side, '/jwks')],
      ['client credentials', (side) => clientCredentials(side, privateKey)],
      ['refresh', refresh],
      ['login without hashing, in a session', loginInSession],
      ['full login', fullLogin],
    ];
    const figures: Figure[] = [];
    for (const [what, make] of isAsked('beside') ? kinds : [])
      figures.push(...(await beside(what, make, [ours, bare])));
    const commands = async () => Number(await (await fetch(`http://localhost:${port + 1}`)).text());
    if (isAsked('commands')) figures.push(...(await commandsOfLogins(ours, commands)));
    if (isAsked('gate')) figures.push(...costOfTheGate());
    if (isAsked('flood'))
      figures.push(...(await floodOfTries(ours, { dataDir, closing, commands })));
    if (isAsked('members')) figures.push(...(await benchMembers(engine.uri)));
    return figures;
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

async function answers({ name, url }: OpenIdSide): Promise<void> {
  for (let tries = 0; tries < STARTING_TRIES; tries += 1) {
    const answer = await fetch(`${url}/jwks`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new Error(`${name} does not answer`);
}

interface Measured {
  readonly side: OpenIdSide;
  readonly acts: readonly Act[];
  readonly waits: number[];
  seconds: number;
  cpuMs: number;
}

async function beside(
  what: string,
  make: (side: OpenIdSide) => Promise<Act> | Act,
  sides: readonly OpenIdSide[],
): Promise<Figure[]> {
  const all: Measured[] = [];
  for (const side of sides) {
    const acts: Act[] = [];
    for (let worker = 0; worker < IN_FLIGHT; worker += 1) acts.push(await make(side));
    all.push({ side, acts, waits: [], seconds: 0, cpuMs: 0 });
  }
  for (let round = 0; round <= ROUNDS; round += 1) {
    // The first round warms up.
    for (const each of round % 2 === 0 ? all : all.toReversed()) await run(each, round > 0);
  }
  const [ours, bare] = all as [Measured, Measured];
  const rateOf = ({ waits, seconds }: Measured) => waits.length / seconds;
  const cpuOf = ({ waits, cpuMs }: Measured) => cpuMs / waits.length;
  return [
    ...all.flatMap((each) => [
      told(`${what}: ${each.side.name}: per second`, rateOf(each), '1/s'),
      told(`${what}: ${each.side.name}: per second of one core`, 1_000 / cpuOf(each), '1/s'),
      told(`${what}: ${each.side.name}: p99`, quantile(each.waits, 0.99), 'ms'),
    ]),
    told(`${what}: processor time, 7iD ÷ bare library`, cpuOf(ours) / cpuOf(bare), 'ratio'),
  ];
}

async function run(measured: Measured, counts: boolean): Promise<void> {
  const { side, acts } = measured;
  const waits: number[] = [];
  const before = cpuMsOf(side.pid);
  const start = performance.now();
  const work = async (act: Act, worker: number) => {
    for (let turn = 0; performance.now() - start < ROUND_MS; turn += 1) {
      const from = performance.now();
      await act(worker + turn * IN_FLIGHT);
      waits.push(performance.now() - from);
    }
  };
  await Promise.all(acts.map(work));
  if (!counts) return;
  measured.waits.push(...waits);
  measured.seconds += (performance.now() - start) / 1_000;
  measured.cpuMs += cpuMsOf(side.pid) - before;
}

/** Commands to the database for one login, from the request to the tokens: by a browser that logged in before, and by a new one. */
async function commandsOfLogins(
  side: OpenIdSide,
  commands: () => Promise<number>,
): Promise<Figure[]> {
  const ofEach = async (browser: () => Browser) => {
    const before = await commands();
    for (let turn = 0; turn < LOGINS_COUNTED; turn += 1) await logIn(side, 0, browser());
    return ((await commands()) - before) / LOGINS_COUNTED;
  };
  const first = aBrowser();
  await logIn(side, 0, first);
  const device = first.cookies().filter(({ name }) => /^7id_(device|known)/.test(name));
  const known = device.map(({ name, value }) => `${name}=${value}`).join('; ');
  return [
    atMost('full login: commands to the database', await ofEach(() => browserWith(known)), '', 12),
    told('full login by a new browser: commands to the database', await ofEach(aBrowser), ''),
  ];
}

/** A browser without a session that has these cookies all the same. */
const browserWith = (cookies: string): Browser =>
  aBrowser({
    fetch: (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set('cookie', [headers.get('cookie'), cookies].filter(Boolean).join('; '));
      return fetch(url, { ...init, headers });
    },
  });
