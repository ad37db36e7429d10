import { Agent, fetch as fetchFrom } from 'undici';
import { aBrowser, type Browser, type Page } from '../identity/src/testing/browser.ts';
import { logIn, loginAddress, type OpenIdSide } from './identity-requests.ts';
import { atMost, type Figure, quantile, told } from './report.ts';

const PER_SECOND = 500;
const SECONDS = 6;
const STEP_MS = 20;
const NETWORKS = 250;
const HONEST_PAUSE_MS = 20;
const BUSY = 'ただいま混み合っています';

/**
 * Wrong passwords, 500 a second from 250 networks whether they are answered or not, while members log in one after another
 * from a network of their own. Every network is a /24 of the loopback.
 */
export async function floodOfTries(ours: OpenIdSide): Promise<Figure[]> {
  const address = loginAddress(ours, 'x'.repeat(43));
  const floods: { readonly browser: Browser; readonly page: Page }[] = [];
  for (let network = 0; network < NETWORKS; network += 1) {
    const browser = browserFrom(`127.2.${network}.1`);
    floods.push({ browser, page: await browser.go(address) });
  }
  let sent = 0;
  let shed = 0;
  let looked = 0;
  const open: Promise<void>[] = [];
  const tryOnce = async () => {
    const { browser, page } = floods[sent % NETWORKS]!;
    sent += 1;
    const typed = { mail: `nobody${sent}@example.jp`, password: `wrong ${sent}` };
    const answer = await browser.submit(page, '/login', typed).catch(() => null);
    if (answer === null || answer.status >= 500 || answer.text.includes(BUSY)) shed += 1;
    else looked += 1;
  };
  const start = performance.now();
  const timer = setInterval(() => {
    // Open loop: what is late is sent all the same.
    const due = Math.min(SECONDS * PER_SECOND, ((performance.now() - start) * PER_SECOND) / 1_000);
    while (sent < due) open.push(tryOnce());
  }, STEP_MS);
  const waits: number[] = [];
  let refused = 0;
  while (performance.now() - start < SECONDS * 1_000) {
    const from = performance.now();
    const tokens = await logIn(ours, waits.length, browserFrom('127.1.0.1')).catch(() => null);
    if (tokens) waits.push(performance.now() - from);
    else refused += 1;
    await new Promise((resolve) => setTimeout(resolve, HONEST_PAUSE_MS));
  }
  clearInterval(timer);
  const seconds = (performance.now() - start) / 1_000;
  await Promise.all(open);
  return [
    told('flood of tries: sent', sent / seconds, '1/s'),
    told('flood of tries: turned away before a hash', shed / Math.max(1, shed + looked), 'of 1'),
    told('flood of tries: honest logins that came through', waits.length, ''),
    atMost('flood of tries: honest logins turned away', refused, '', 0),
    atMost('flood of tries: honest login, p99', quantile(waits, 0.99), 'ms', 400),
  ];
}

function browserFrom(localAddress: string): Browser {
  const dispatcher = new Agent({ connect: { localAddress, family: 4 } });
  const from = (url: string | URL, init: object) => fetchFrom(url, { ...init, dispatcher });
  return aBrowser({ fetch: from as unknown as typeof fetch }); // the same fetch, by its own package
}
