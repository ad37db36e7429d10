/** The body of an event: an answer of GraphQL, or why the stream is complete. */
export interface EventBody<Data> {
  readonly data: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string };
  }[];
  readonly extensions?: { readonly gap?: boolean };
  readonly reason?: string;
}

/** One event as it arrived. */
export interface ArrivedEvent<Data> {
  readonly event: string;
  readonly data: EventBody<Data>;
  readonly id: string | undefined;
}

/** A stream of server-sent events that a test reads. */
export interface EventClient<Data> {
  readonly status: number;
  readonly headers: Headers;
  /** The next event. @throws Error when the stream ends or is silent for too long */
  next(): Promise<ArrivedEvent<Data>>;
  /** The answer of an event that is expected to be `next`. */
  answer(): Promise<EventBody<Data>>;
  /** Everything until the stream ends. */
  rest(): Promise<readonly ArrivedEvent<Data>[]>;
  /** The body of an answer that is no stream. */
  json(): Promise<EventBody<Data>>;
  /** How many signs of life have come. */
  readonly heartbeats: number;
  /** The id to come back with, heartbeats included. */
  readonly lastId: string | undefined;
  close(): void;
}

const PATIENCE_MS = 15_000;

/** Asks a GraphQL endpoint for server-sent events, as a client that is written by hand would. */
export async function openEvents<Data = Record<string, never>>(
  url: string,
  asked: { query: string; variables?: Record<string, unknown> },
  options: { token?: string; lastEventId?: string; headers?: Record<string, string> } = {},
): Promise<EventClient<Data>> {
  const leaving = new AbortController();
  const { token, lastEventId, headers = {} } = options;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      ...headers,
    },
    body: JSON.stringify(asked),
    signal: leaving.signal,
  });
  const reader = response.headers.get('content-type')?.startsWith('text/event-stream')
    ? response.body?.pipeThrough(new TextDecoderStream()).getReader()
    : undefined;
  const arrived: ArrivedEvent<Data>[] = [];
  let text = '';
  let heartbeats = 0;
  let lastId: string | undefined;

  const take = (block: string) => {
    const lines = block.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line) ?? []);
    const valueOf = (name: string) => lines.find(([, field]) => field === name)?.[2];
    lastId = valueOf('id') ?? lastId;
    const [event, data] = [valueOf('event'), valueOf('data')];
    if (event === undefined || data === undefined) heartbeats += 1;
    else arrived.push({ event, data: JSON.parse(data) as EventBody<Data>, id: valueOf('id') });
  };
  /** Reads on; false at the end. */
  const read = async (): Promise<boolean> => {
    const late = setTimeout(() => leaving.abort(new Error('no event came')), PATIENCE_MS);
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    clearTimeout(late);
    if (done || value === undefined) return false;
    const blocks = (text + value).split('\n\n');
    text = blocks.pop() ?? '';
    blocks.forEach(take);
    return true;
  };
  const next = async (): Promise<ArrivedEvent<Data>> => {
    while (arrived.length === 0) if (!(await read())) throw new Error('the stream ended');
    return arrived.shift() as ArrivedEvent<Data>;
  };
  return {
    status: response.status,
    headers: response.headers,
    next,
    answer: async () => {
      const { event, data } = await next();
      if (event !== 'next') throw new Error(`${event} came instead of next`);
      return data;
    },
    rest: async () => {
      while (await read());
      return arrived.splice(0);
    },
    json: () => response.json() as Promise<EventBody<Data>>,
    get heartbeats() {
      return heartbeats;
    },
    get lastId() {
      return lastId;
    },
    close: () => leaving.abort(),
  };
}
