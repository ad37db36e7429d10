import type { Reach } from '@7pay/gateway';
import { partsOf } from './parts-of-call.ts';

type Call = Parameters<Reach['call']>[0];
type Answer = Awaited<ReturnType<Reach['call']>>;

/** A reach that keeps what the subgraphs answered, by request; and one that answers another gateway from it. */
export interface RecordedCalls {
  readonly recording: Reach;
  /** Answers as it was recorded under the same request id. */
  readonly replaying: Reach;
}

interface RecordedAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: unknown;
  }[];
}

interface Recorded {
  readonly answer: RecordedAnswer;
  /** For entities: the index of each representation. */
  readonly indices: ReadonlyMap<string, number>;
}

/** Records the calls that one gateway makes, so that a second one can be given the same answers. */
export function recordCalls(reach: Reach): RecordedCalls {
  const requests = new Map<string, Map<string, Recorded>>();
  const recordedOf = (requestId: string) => {
    const known = requests.get(requestId) ?? new Map<string, Recorded>();
    requests.set(requestId, known);
    return known;
  };
  return {
    recording: {
      call: async (call) => {
        const answer = await reach.call(call);
        for (const part of partsOf(call, answer)) {
          const indices = new Map(
            representationsOf(part.call).map((each, index) => [JSON.stringify(each), index]),
          );
          const entry = { answer: outward(part.answer), indices };
          recordedOf(call.viewer.requestId).set(keyOf(part.call), entry);
        }
        return answer;
      },
      // Only our own executor has subscriptions: there is nothing to compare.
      ...(reach.subscribe ? { subscribe: reach.subscribe } : {}),
      close: () => reach.close(),
    },
    replaying: {
      call: async (call) => {
        const recorded = recordedOf(call.viewer.requestId).get(keyOf(call));
        const answer = recorded && replay(recorded, call);
        if (!answer) throw new Error(`not recorded: ${call.request.query}`);
        return answer;
      },
      close: async () => {},
    },
  };
}

const representationsOf = ({ request }: Call): readonly unknown[] =>
  (request.variables?.['representations'] as readonly unknown[] | undefined) ?? [];

/**
 * What is asked, in the client's names: our own executor gives aliases a prefix on their way. The variables are those of
 * the request either way; ours fills the defaults of inputs in, Apollo's leaves that to the subgraph. The name tells the number of
 * the step, which another executor counts otherwise.
 */
const keyOf = ({ subgraph, request }: Call): string =>
  `${subgraph} ${request.query.replaceAll(/\bown__/g, '').replace(/^query \w+(?=\()/, 'query')}`;

/** An answer as JSON carries it, in the client's names. */
function outward({ data, errors }: Answer): RecordedAnswer {
  const text = JSON.stringify({
    ...(data === undefined ? {} : { data }),
    ...(errors ? { errors } : {}),
  });
  return JSON.parse(text, (key, value: unknown) => {
    if (key === 'path' && Array.isArray(value)) return value.map(outwardName);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [outwardName(name), inner]),
    );
  }) as RecordedAnswer;
}

const outwardName = <Name>(name: Name) =>
  typeof name === 'string' ? name.replace(/^own__/, '') : name;

/** The recorded answer for these representations; nothing if there was not one for each. */
function replay({ answer, indices }: Recorded, call: Call): Answer | undefined {
  const asked = representationsOf(call).map((each) => indices.get(JSON.stringify(each)));
  if (asked.length === 0 && indices.size === 0) return answer as Answer;
  if (asked.some((index) => index === undefined)) return undefined;
  const entities = answer.data?.['_entities'] as readonly unknown[] | null | undefined;
  const errors = (answer.errors ?? []).flatMap((error) => {
    const [field, at, ...rest] = error.path ?? [];
    if (field !== '_entities' || typeof at !== 'number') return [error];
    return asked.flatMap((index, place) =>
      index === at ? [{ ...error, path: [field, place, ...rest] }] : [],
    );
  });
  return {
    ...answer,
    ...(entities ? { data: { _entities: asked.map((index) => entities[index ?? -1]) } } : {}),
    ...(answer.errors ? { errors } : {}),
  } as unknown as Answer;
}
