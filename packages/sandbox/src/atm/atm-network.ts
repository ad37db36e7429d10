import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '@7pay/time';
import { answerParty, askParty, type PartyAnswer, type PartyReply } from '@7pay/world';
import { atmEndPage, atmPage } from './atm-page.ts';

/** What can go wrong at one machine, or with one question. Each fault is used up by one of them. */
export type AtmFault =
  /** The notes come back: nothing is taken. */
  | 'JAM'
  /** The machine took the cash and never says so. */
  | 'NEVER_TELLS'
  /** It says so twice. */
  | 'TELLS_TWICE'
  /** It says so with another key. */
  | 'TELLS_WITH_WRONG_SIGNATURE'
  /** It says so only when `deliver()` is called. */
  | 'TELLS_LATE'
  /** It takes the cash although the answer was no. */
  | 'TAKES_UNASKED'
  /** It takes 1,000 yen more than it asked for. */
  | 'TAKES_MORE'
  /** It says that it took nothing, and then that it took the cash. */
  | 'CHANGES_ITS_MIND'
  /** It says that it took the cash, and then that it took nothing. */
  | 'TAKES_IT_BACK';

/** What one machine did, as its network has it. */
export interface AtmTransaction {
  readonly id: string;
  readonly amountYen: number;
  readonly receipt: 'OPEN' | 'TAKEN' | 'NOT_TAKEN';
}

/** How a customer left the machine. */
export interface AtmEnd {
  readonly id: string;
  /** What we answered when it asked; UNKNOWN when no answer came. */
  readonly answer: 'MAY_TAKE' | 'REFUSED' | 'UNKNOWN';
  readonly code: string | null;
  readonly message: string | null;
  /** What we said when it told us. */
  readonly told: readonly unknown[];
}

/** The network of the ATMs, played on loopback. */
export interface AtmNetwork {
  readonly handler: RequestListener;
  fail(...faults: readonly AtmFault[]): void;
  /** A customer puts cash into a machine. */
  payIn(cash: { code: string; amountYen: number; id?: string }): Promise<AtmEnd>;
  /** Tells what was not told yet; again, if asked again, or that it took nothing after all. */
  deliver(id: string, as?: 'not-taken'): Promise<unknown>;
  transactions(): readonly AtmTransaction[];
}

const ATM_ID = 'atm-0711';
const LARGEST_FORM = 1_000;

/**
 * Plays the ATM network. It asks the service at `door` whether it may take cash, and tells what it did; it answers
 * `PUT /atm-receipts/<transaction>`; `/atm` is a machine for people. Signed with the shared secret in both directions.
 */
export function createAtmNetwork(options: {
  secret: string;
  clock: Clock;
  /** Where the service listens for it. */
  door: () => string;
}): AtmNetwork {
  const { secret, clock, door } = options;
  const noted = new Map<string, AtmTransaction>();
  const faults: AtmFault[] = [];

  const ask = (step: string, id: string, body: object, by = secret): Promise<PartyAnswer> =>
    askParty({ url: door(), secret: by }, clock, {
      path: `/atm/top-ups/${id}/${step}`,
      body: { atmId: ATM_ID, ...body },
    });
  const tell = async (id: string, { as, by }: { as?: 'not-taken'; by?: string } = {}) => {
    const { receipt, amountYen } = noted.get(id) ?? { receipt: 'NOT_TAKEN', amountYen: 0 };
    const none = as === 'not-taken' || receipt === 'NOT_TAKEN';
    const answer = await ask(none ? 'not-taken' : 'took', id, none ? {} : { amountYen }, by);
    return answer.outcome === 'ANSWERED' ? answer.body : answer.outcome;
  };
  const tellAll = async (id: string, fault: AtmFault | undefined): Promise<unknown[]> => {
    switch (fault) {
      case 'NEVER_TELLS':
      case 'TELLS_LATE':
        return [];
      case 'TELLS_TWICE':
        return [await tell(id), await tell(id)];
      case 'TELLS_WITH_WRONG_SIGNATURE':
        return [await tell(id, { by: `${secret}?` })];
      case 'CHANGES_ITS_MIND':
        return [await tell(id, { as: 'not-taken' }), await tell(id)];
      case 'TAKES_IT_BACK':
        return [await tell(id), await tell(id, { as: 'not-taken' })];
      default:
        return [await tell(id)];
    }
  };

  const payIn: AtmNetwork['payIn'] = async ({ code, amountYen, id = newId() }) => {
    const fault = faults.shift();
    noted.set(id, { id, amountYen, receipt: 'OPEN' });
    const asked = await ask('ask', id, { code, amountYen });
    const body = (asked.outcome === 'ANSWERED' ? asked.body : {}) as Partial<AtmEnd>;
    const answer = body.answer ?? 'UNKNOWN';
    const takes = (answer === 'MAY_TAKE' && fault !== 'JAM') || fault === 'TAKES_UNASKED';
    const more = fault === 'TAKES_MORE' ? 1_000 : 0;
    const receipt = takes ? 'TAKEN' : 'NOT_TAKEN';
    noted.set(id, { id, amountYen: amountYen + more, receipt });
    const told = takes || answer === 'MAY_TAKE' ? await tellAll(id, fault) : [];
    return { id, answer, code: body.code ?? null, message: body.message ?? null, told };
  };

  const receipts = answerParty(
    { secret, clock },
    async ({ path }): Promise<PartyReply> => {
      const found = noted.get(/^\/atm-receipts\/([\w-]{1,64})$/.exec(path)?.[1] ?? '');
      if (!found) return { status: 200, body: { receipt: 'NOT_TAKEN' } };
      const { receipt, amountYen } = found;
      return { status: 200, body: receipt === 'TAKEN' ? { receipt, amountYen } : { receipt } };
    },
    () => {},
  );

  return {
    handler: (request, response) => {
      if (request.url?.startsWith('/atm-receipts/')) receipts(request, response);
      else machine({ payIn, fail: (fault) => void faults.push(fault) }, request, response);
    },
    fail: (...more) => void faults.push(...more),
    payIn,
    deliver: (id, as) => tell(id, as ? { as } : {}),
    transactions: () => [...noted.values()],
  };
}

const newId = (): string => `atm-${randomBytes(8).toString('hex')}`;

function machine(
  { payIn, fail }: Pick<AtmNetwork, 'payIn'> & { fail(fault: AtmFault): void },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const show = (html: string) =>
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'; style-src 'self'; img-src data:",
      })
      .end(html);
  if (request.method !== 'POST') return void show(atmPage());
  readForm(request)
    .then(async (form) => {
      if (form.get('machine') === 'jams') fail('JAM');
      const end = await payIn({
        code: (form.get('code') ?? '').replace(/\s/g, ''),
        amountYen: Number(form.get('amount')),
      });
      show(atmEndPage(saidOf(end, form.get('machine') === 'jams')));
    })
    .catch(() => response.destroy());
}

function saidOf({ answer, message }: AtmEnd, jammed: boolean): string {
  if (answer === 'UNKNOWN') return 'ただいま7payにつながりません。紙幣をお返しします。';
  if (answer === 'REFUSED') return `お取り扱いできません。${message ?? ''}`;
  return jammed ? '紙幣をお返ししました。' : '入金を受け付けました。';
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_FORM) throw new Error('too long');
  }
  return new URLSearchParams(text);
}
