import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '@7pay/time';
import { answerParty, askParty, type PartyReply } from '@7pay/world';
import { challengePage, entryPage } from './acquirer-pages.ts';
import { advance, answered, type Charge, tokenise, type TokenisedCard } from './charge.ts';

/** What can go wrong with one request; DECLINED, TOO_LATE and the notices with what it is about. */
export type AcquirerFault =
  /** Does it, and answers later than anybody waits. */
  | 'SLOW'
  /** Answers 503 and does nothing. */
  | 'DOWN'
  /** Does it and cuts the line. */
  | 'LOST_ANSWER'
  /** Does it and signs with another key. */
  | 'WRONG_SIGNATURE'
  /** The issuer says no. */
  | 'DECLINED'
  /** A captured charge can no longer be voided. */
  | 'TOO_LATE';
export type AcquirerStep = 'entry' | 'result' | 'authorise' | 'capture' | 'void' | 'query';

/** The card acquirer, played on loopback: its pages, its 3-D Secure, its charges. */
export interface Acquirer {
  readonly handler: RequestListener;
  /** Makes the next requests of a step go wrong, one fault each. */
  fail(step: AcquirerStep, ...faults: readonly AcquirerFault[]): void;
  /** Tells the service of a charge, signed with our secret or another; as often as it is called. */
  notify(id: string, secret?: string): Promise<unknown>;
  charges(): readonly Charge[];
}

interface Entry {
  readonly id: string;
  readonly returnUrl: string;
  readonly state: 'OPEN' | 'CHALLENGE' | 'ENTERED' | 'FAILED';
  readonly card: TokenisedCard | null;
}

const SLOW_MS = 10_000;
const LARGEST_FORM = 2_000;

/** Plays the acquirer. Everything is asked under the id of whoever asks, and may be asked again. */
export function createAcquirer(options: {
  secret: string;
  clock: Clock;
  /** Its own address, for its pages. */
  url: () => string;
  /** Where the service listens for notices. */
  door: () => string;
}): Acquirer {
  const { secret, clock } = options;
  const entries = new Map<string, Entry>();
  const charges = new Map<string, Charge>();
  const keys = new Map<string, { entry?: string; charge?: string }>();
  const faults = new Map<AcquirerStep, AcquirerFault[]>();

  const pageOf = (about: { entry?: string; charge?: string }): string => {
    const key = randomBytes(16).toString('hex');
    keys.set(key, about);
    return `${options.url()}/acquirer/page/${key}`;
  };
  const notify: Acquirer['notify'] = async (id, by = secret) => {
    const door = { url: options.door(), secret: by, attempts: 1 };
    const told = await askParty(door, clock, { path: `/acquirer/notices/${id}`, body: {} });
    return told.outcome === 'ANSWERED' ? told.status : told.outcome;
  };
  const act = (
    step: AcquirerStep,
    id: string,
    body: Record<string, unknown>,
    fault?: AcquirerFault,
  ): object => {
    if (step === 'entry') {
      const returnUrl = String(body['returnUrl']);
      entries.set(id, entries.get(id) ?? { id, returnUrl, state: 'OPEN', card: null });
      return { url: pageOf({ entry: id }) };
    }
    if (step === 'result') {
      const { state, card } = entries.get(id) ?? { state: 'OPEN', card: null };
      return state === 'ENTERED' ? { state, card } : { state: state === 'FAILED' ? state : 'OPEN' };
    }
    const before = charges.get(id) ?? {
      id,
      state: 'NONE' as const,
      amountYen: Number(body['amountYen'] ?? 0),
      challenge: 'NOT_ASKED' as const,
      captured: false,
      returnUrl: String(body['returnUrl'] ?? ''),
    };
    const told = {
      declines: fault === 'DECLINED',
      tooLate: fault === 'TOO_LATE',
      asks: body['challenge'] === true,
    };
    const charge = step === 'query' ? before : advance(before, step, told);
    if (charge.state !== 'NONE') charges.set(id, charge);
    const { state, challenge, captured } = charge;
    const url = state === 'CHALLENGE' ? { url: pageOf({ charge: id }) } : {};
    return { state, challenge, captured, ...url };
  };

  const party: RequestListener = (request, response) => {
    const [, kind, id = '', given] =
      /^\/acquirer\/(entries|charges)\/([\w-]{1,80})\/(entry|result|authorise|capture|void|query)$/.exec(
        request.url ?? '',
      ) ?? [];
    const step = given as AcquirerStep | undefined;
    let fault: AcquirerFault | undefined;
    answerParty(
      { secret, clock, signWith: () => (fault === 'WRONG_SIGNATURE' ? `${secret}?` : secret) },
      async ({ body }): Promise<PartyReply> => {
        if (!kind || !step) return { status: 404, body: { error: 'no such thing' } };
        fault = faults.get(step)?.shift();
        if (fault === 'DOWN') return { status: 503, body: { error: 'down' } };
        const answer = act(step, id, body as Record<string, unknown>, fault);
        if (fault === 'LOST_ANSWER') response.destroy();
        if (fault === 'SLOW') await new Promise((done) => setTimeout(done, SLOW_MS).unref());
        return { status: 200, body: answer };
      },
      () => response.destroy(),
    )(request, response);
  };

  /** The pages for people: the number, then the challenge, then back to where they came from. */
  const people = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const about = keys.get(/^\/acquirer\/page\/(\w{32})$/.exec(request.url ?? '')?.[1] ?? '');
    const entry = entries.get(about?.entry ?? '');
    const charge = charges.get(about?.charge ?? '');
    if (!entry && !charge) return void response.writeHead(404).end('this page is over');
    const form = request.method === 'POST' ? await readForm(request) : null;
    const isPassed = form?.get('answer') === 'yes';
    if (charge) {
      if (!form) return show(response, challengePage(charge.amountYen));
      charges.set(charge.id, answered(charge, isPassed));
      goTo(response, charge.returnUrl);
      await notify(charge.id); // as acquirers do, beside the browser that goes back by itself
      return;
    }
    if (!entry) return;
    if (entry.state === 'OPEN') {
      if (!form) return show(response, entryPage());
      const card = tokenise(form.get('number') ?? '', form.get('expires') ?? '');
      if (!card) return show(response, entryPage('番号か有効期限が正しくありません。'));
      entries.set(entry.id, { ...entry, state: 'CHALLENGE', card });
      return show(response, challengePage(null));
    }
    if (entry.state === 'CHALLENGE') {
      if (!form?.has('answer')) return show(response, challengePage(null));
      entries.set(entry.id, { ...entry, state: isPassed ? 'ENTERED' : 'FAILED' });
    }
    goTo(response, entry.returnUrl);
  };

  return {
    handler: (request, response) => {
      if (request.url?.startsWith('/acquirer/page/')) {
        people(request, response).catch(() => response.destroy());
      } else party(request, response);
    },
    fail: (step, ...more) => void faults.set(step, [...(faults.get(step) ?? []), ...more]),
    notify,
    charges: () => [...charges.values()],
  };
}

function show(response: ServerResponse, html: string): void {
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'self'; img-src data:",
      'cache-control': 'no-store',
    })
    .end(html);
}

const goTo = (response: ServerResponse, location: string): void =>
  void response.writeHead(303, { location }).end();

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_FORM) throw new Error('too long');
  }
  return new URLSearchParams(text);
}
