import { type Sender, sendPlainly } from './send.ts';

/** A named document of the graph. `Data` and `Variables` are what it gives and takes. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly text: string;
  /** Root fields that may be missing because a part of the platform is down; the page shows the rest. */
  readonly optional: readonly string[];
  readonly shape?: (variables: Variables) => Data; // carries the types; never present
}

/** Names a document. @throws Error when it has no name: the platform knows its operations by name. */
export function operation<Data, Variables = Record<string, never>>(
  text: string,
  optional: readonly string[] = [],
): Operation<Data, Variables> {
  const head = /^\s*(query|mutation|subscription)\s+(\w+)/.exec(text);
  if (!head?.[1] || !head[2]) throw new Error('an operation has a kind and a name');
  return {
    kind: head[1] as 'query' | 'mutation' | 'subscription',
    name: head[2],
    text: text.trim(),
    optional,
  };
}

/** Why there is no data. `reference` is what support can look for. */
export interface GraphFault {
  /**
   * UNREACHABLE: a query without an answer, ask again. UNKNOWN_OUTCOME: a mutation without a clear
   * answer; it may have happened. REFUSED: stopped before anything was done. FAILED: a fault inside.
   */
  readonly kind: 'UNREACHABLE' | 'UNKNOWN_OUTCOME' | 'REFUSED' | 'FAILED';
  readonly code: string;
  readonly reference: string | null;
}

/** Data, or the reason why there is none. `partial` says that some nullable parts could not be read. */
export type GraphAnswer<Data> =
  | { readonly data: Data; readonly partial: boolean }
  | { readonly fault: GraphFault };

/** Sends an operation to the graph. It never throws and never sends anything twice. */
export type GraphClient = <Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  options?: { signal?: AbortSignal; anonymous?: true },
) => Promise<GraphAnswer<Data>>;

/** Codes that the platform gives before it runs a mutation: nothing has happened. */
const beforeRunning = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'RATE_LIMITED',
  'REAUTHENTICATION_REQUIRED',
  'BAD_REQUEST',
  'BATCH_NOT_ALLOWED',
  'OPERATION_NOT_REGISTERED',
  'QUERY_TOO_COSTLY',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
]);

interface Problem {
  path?: readonly (string | number)[];
  extensions?: { code?: unknown; reference?: unknown };
}
interface Answer {
  data?: Record<string, unknown> | null;
  errors?: readonly Problem[];
}

/** Makes the client of one page. `onUnauthenticated` hears that the graph does not take the token. */
export function graphClient(deps: {
  url: string;
  sender: Sender;
  locale: () => string;
  timeoutMs?: number;
  onUnauthenticated?: () => void;
}): GraphClient {
  return async <Data, Variables>(
    asked: Operation<Data, Variables>,
    variables: Variables,
    options: { signal?: AbortSignal; anonymous?: true } = {},
  ) => {
    const send = options.anonymous ? sendPlainly : await deps.sender();
    const timeout = AbortSignal.timeout(deps.timeoutMs ?? 10_000);
    let status = 0;
    let body: Answer | null = null;
    try {
      const response = await send(deps.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'accept-language': deps.locale(),
        },
        body: JSON.stringify({ operationName: asked.name, query: asked.text, variables }),
        signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
        cache: 'no-store',
        credentials: 'omit',
      });
      status = response.status;
      body = (await response.json()) as Answer | null;
    } catch {
      body = null; // not sent, or sent and the answer lost: from here the two look the same
    }
    const answer = judge(asked, status, body);
    if (codesOf(body).includes('UNAUTHENTICATED') || status === 401) deps.onUnauthenticated?.();
    return answer;
  };
}

function judge<Data, Variables>(
  { kind, optional }: Operation<Data, Variables>,
  status: number,
  body: Answer | null,
): GraphAnswer<Data> {
  const errors = body?.errors ?? [];
  const data = body?.data ?? null;
  // A root field that is null because of an error is not "there is none": a wallet that could not be
  // read must never look like a member without a wallet.
  const lost = errors.find(({ path }) => {
    const root = String(path?.[0]);
    return data === null || (data[root] === null && !optional.includes(root));
  });
  if (data !== null && !lost) return { data: data as Data, partial: errors.length > 0 };

  const { code: said, reference: given } = lost?.extensions ?? {};
  const code = typeof said === 'string' ? said : codeOfStatus(status);
  const reference = typeof given === 'string' ? given : null;
  // Below the root something has run already: a payment whose store cannot be read is still a payment.
  const ran = kind === 'mutation' && (lost?.path?.length ?? 0) > 1;
  if (beforeRunning.has(code) && !ran) return { fault: { kind: 'REFUSED', code, reference } };
  if (kind === 'mutation') return { fault: { kind: 'UNKNOWN_OUTCOME', code, reference } };
  if (body === null) return { fault: { kind: 'UNREACHABLE', code, reference } };
  return { fault: { kind: 'FAILED', code, reference } };
}

function codesOf(body: Answer | null): unknown[] {
  return (body?.errors ?? []).map(({ extensions }) => extensions?.code);
}

function codeOfStatus(status: number): string {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 429) return 'RATE_LIMITED';
  if (status >= 400 && status < 500) return 'BAD_REQUEST';
  return status === 0 ? 'UNREACHABLE' : 'UNAVAILABLE';
}
