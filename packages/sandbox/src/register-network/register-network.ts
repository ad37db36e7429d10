import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '@7pay/time';
import { signMessage, verifyMessage } from '@7pay/world';

/** What can go wrong with one answer. Each fault is used up by one request. */
export type RegisterFault =
  /** Says that no cash lies in the register. */
  | 'NOT_TAKEN'
  /** Notes the cash, and answers later than anybody waits. */
  | 'SLOW'
  /** Answers 503 and notes nothing. */
  | 'DOWN'
  /** Notes the cash and cuts the line. */
  | 'LOST_ANSWER'
  /** Notes the cash and signs with another key. */
  | 'WRONG_SIGNATURE';

/** Cash that a register took, as its network has it. */
export interface CashReceipt {
  readonly topUpId: string;
  readonly storeId: string;
  readonly terminalId: string;
  readonly amountYen: number;
  readonly receipt: 'TAKEN' | 'NOT_TAKEN';
}

/** The network of the stores' registers, played on loopback. */
export interface RegisterNetwork {
  readonly handler: RequestListener;
  /** Makes the next requests go wrong, one fault each. */
  fail(...faults: readonly RegisterFault[]): void;
  /** Everything it has noted. */
  receipts(): readonly CashReceipt[];
}

const SLOW_MS = 10_000;
const LARGEST_BODY = 10_000;

/**
 * Plays the register network: `PUT /cash-receipts/<top-up id>` says whether the cash lies in the register.
 * Asking again gives the same answer. Requests and answers are signed with the shared secret.
 */
export function createRegisterNetwork(options: { secret: string; clock: Clock }): RegisterNetwork {
  const noted = new Map<string, CashReceipt>();
  const faults: RegisterFault[] = [];
  return {
    handler: (request, response) => {
      answer({ ...options, noted, fault: faults.shift() }, request, response).catch(() => {
        response.destroy();
      });
    },
    fail: (...more) => void faults.push(...more),
    receipts: () => [...noted.values()],
  };
}

interface Turn {
  readonly secret: string;
  readonly clock: Clock;
  readonly noted: Map<string, CashReceipt>;
  readonly fault: RegisterFault | undefined;
}

async function answer(turn: Turn, request: IncomingMessage, response: ServerResponse) {
  const { secret, clock, noted, fault } = turn;
  const path = request.url ?? '';
  const topUpId = /^\/cash-receipts\/([\w-]{1,80})$/.exec(path)?.[1];
  const body = await readBody(request);
  const signed = verifyMessage(
    secret,
    {
      subject: `${request.method} ${path}`,
      timestamp: Number(request.headers['x-timestamp']),
      body,
    },
    String(request.headers['x-signature'] ?? ''),
    clock.now(),
  );
  if (!signed) return send(turn, response, path, 401, { error: 'the signature does not hold' });
  if (request.method !== 'PUT' || topUpId === undefined) {
    return send(turn, response, path, 404, { error: 'PUT /cash-receipts/<id>' });
  }
  if (fault === 'DOWN') return send(turn, response, path, 503, { error: 'down' });

  const { storeId, terminalId, amountYen } = JSON.parse(body) as CashReceipt;
  const receipt = noted.get(topUpId) ?? {
    topUpId,
    storeId,
    terminalId,
    amountYen,
    receipt: fault === 'NOT_TAKEN' ? 'NOT_TAKEN' : 'TAKEN',
  };
  if (receipt.amountYen !== amountYen || receipt.storeId !== storeId) {
    return send(turn, response, path, 409, { error: 'another receipt has this id' });
  }
  noted.set(topUpId, receipt);
  if (fault === 'LOST_ANSWER') {
    response.destroy();
    return;
  }
  if (fault === 'SLOW') await new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref());
  const signer = fault === 'WRONG_SIGNATURE' ? { ...turn, secret: `${secret}?` } : turn;
  send(signer, response, path, 200, { topUpId, receipt: receipt.receipt });
}

function send(
  { secret, clock }: Pick<Turn, 'secret' | 'clock'>,
  response: ServerResponse,
  path: string,
  status: number,
  content: object,
): void {
  const body = JSON.stringify(content);
  const timestamp = Math.floor(clock.now().getTime() / 1_000);
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'x-timestamp': String(timestamp),
      'x-signature': signMessage(secret, { subject: `${status} ${path}`, timestamp, body }),
    })
    .end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) throw new Error('too long');
  }
  return text;
}
