import { writeFileSync } from 'node:fs';
import { Agent, Client, fetch as fetchFrom } from 'undici';
import { aBrowser } from '../identity/src/testing/browser.ts';

/** What the bench hands over, in the environment variable BENCH. */
export interface FloodSetting {
  readonly url: string;
  /** Where an app asks for a login. */
  readonly address: string;
  readonly networks: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Written when the flood begins, and when it is over with what came of it. */
  readonly begun: string;
  readonly over: string;
}

/** What came of a flood. */
export interface Flood {
  readonly perSecond: number;
  /** Told that 7iD is busy, or not answered at all. */
  readonly turnedAway: number;
  /** Told that the password is wrong. */
  readonly lookedAt: number;
}

const STEP_MS = 10;
const BUSY = 'LOGIN_BUSY';

/** A guesser in a network of its own (a /24 of the loopback): the page is read once, the guesses are made by hand. */
async function aGuesser({ url, address }: FloodSetting, network: number) {
  const from4 = { localAddress: `127.2.${network}.1`, connect: { family: 4 } };
  const dispatcher = new Agent(from4);
  const from = (to: string | URL, init: object) => fetchFrom(to, { ...init, dispatcher });
  const browser = aBrowser({ fetch: from as unknown as typeof fetch }); // the same fetch, by its own package
  const page = await browser.go(address);
  await dispatcher.close();
  const token = /name="form" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: url,
    cookie: browser
      .cookies()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; '),
  };
  const client = new Client(url, { ...from4, pipelining: 4 });
  return async (serial: number): Promise<boolean> => {
    const typed = { form: token, mail: `nobody${serial}@example.jp`, password: `wrong ${serial}` };
    const answer = await client.request({
      method: 'POST',
      path: `${new URL(page.url).pathname}/login`,
      headers,
      body: new URLSearchParams(typed).toString(),
    });
    const text = await answer.body.text();
    return answer.statusCode < 500 && !text.includes(BUSY);
  };
}

const setting = JSON.parse(process.env['BENCH'] ?? '{}') as FloodSetting;
const guessers: Awaited<ReturnType<typeof aGuesser>>[] = [];
for (let network = 0; network < setting.networks; network += 1)
  guessers.push(await aGuesser(setting, network));
writeFileSync(setting.begun, '');
let sent = 0;
let turnedAway = 0;
let lookedAt = 0;
const open: Promise<unknown>[] = [];
const start = performance.now();
const timer = setInterval(() => {
  // What is late is sent all the same: whoever floods does not wait.
  const elapsed = performance.now() - start;
  const due = (Math.min(elapsed, setting.seconds * 1_000) * setting.perSecond) / 1_000;
  for (; sent < due; sent += 1) {
    const guess = guessers[sent % guessers.length]!;
    const told = guess(sent).then(
      (looked) => (looked ? (lookedAt += 1) : (turnedAway += 1)),
      () => (turnedAway += 1),
    );
    open.push(told);
  }
}, STEP_MS);
await new Promise((resolve) => setTimeout(resolve, setting.seconds * 1_000));
clearInterval(timer);
const perSecond = sent / ((performance.now() - start) / 1_000);
await Promise.all(open);
const flood: Flood = { perSecond, turnedAway, lookedAt };
writeFileSync(setting.over, JSON.stringify(flood));
process.exit(0);
