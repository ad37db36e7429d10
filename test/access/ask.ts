import type { Caller } from './callers.ts';
import type { Cell, Outcome, Step, Way } from './expectation.ts';
import { ROOT_CALLS } from './roots.ts';
import type { Graph } from './ways.ts';
import type { World } from './world.ts';

/** An answer of GraphQL, from whichever door. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly code?: string };
  }[];
}
type Ask = (caller: Caller, document: string) => Promise<Answer>;

const refuses = ({ rule, from }: Step) => from === 'field' && rule?.otherwise === 'refuse';
/** Ways that may end in an error are asked apart: it may take the object around it away. */
function batches(ways: readonly Way[]): readonly (readonly Way[])[] {
  const apart = Map.groupBy(ways, ({ steps }) => {
    const at = steps.findIndex((step, index) => index > 0 && refuses(step));
    return at < 0
      ? ''
      : steps
          .slice(0, at + 1)
          .map(({ type, field }) => `${type}.${field}`)
          .join(' ');
  });
  // All that a wallet leads to is dearer than one operation may be.
  return [...apart.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / AT_ONCE) }, (_, part) =>
      group.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
    ),
  );
}
const AT_ONCE = 150;

/** Every way from every query and mutation, for one caller, through the public endpoint. */
export async function throughTheGateway(
  graph: Graph,
  world: World,
  { caller, ask, stepsMax }: { caller: Caller; ask: Ask; stepsMax: number },
): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const root of graph.roots) {
    const { args, thing = () => caller.own, isOfAll } = ROOT_CALLS[`${root.type}.${root.field}`]!;
    const askFor = async (ways: readonly Way[]) => {
      const answer = await ask(caller, graph.document(ways, args(world)));
      // Together they may cost more than is allowed: nothing was done, and half of them are asked for at a time.
      const isTooMuch = answer.errors?.some(
        ({ extensions }) => extensions?.code === 'QUERY_TOO_COSTLY',
      );
      if (isTooMuch && ways.length > 1) {
        const half = Math.ceil(ways.length / 2);
        await askFor(ways.slice(0, half));
        await askFor(ways.slice(half));
        return;
      }
      for (const way of ways) {
        const outcome = outcomeOf(
          answer,
          way.steps.map(({ field }) => field),
          way,
        );
        const isShared = isOfAll === true;
        cells.push({
          door: 'gateway',
          caller,
          way,
          thing: thing(world, caller),
          isShared,
          outcome,
        });
      }
    };
    const near = graph.waysFrom(root).filter(({ steps }) => steps.length <= stepsMax);
    for (const ways of batches(near)) await askFor(ways);
  }
  return cells;
}

/** What an answer says of one field: names of fields, lists are walked through. */
export function outcomeOf(answer: Answer, names: readonly string[], way?: Way): Outcome {
  if (!answer.data && !answer.errors) throw new Error('no answer of GraphQL');
  const wrong = answer.errors?.find(({ path }) => !path || path.length === 0);
  if (wrong && !isRefusal(wrong.extensions?.code)) {
    throw new Error(`not asked: ${JSON.stringify(answer.errors)}`);
  }
  const places = walk(answer.data, names, way);
  const about = answer.errors?.find(({ path = [] }) => {
    const told = path.filter((part) => typeof part === 'string');
    return told.every((name, index) => name === names[index]);
  });
  const [first] = (places.at(-1) ?? []) as readonly { readonly __typename?: string }[];
  return {
    given: places.length === names.length,
    reached: places.length,
    code: about?.extensions?.code,
    typename: typeof first === 'object' ? first.__typename : undefined,
  };
}

const REFUSALS = new Set<unknown>(['UNAUTHENTICATED', 'FORBIDDEN', 'REAUTHENTICATION_REQUIRED']);
const isRefusal = (code: string | undefined) => REFUSALS.has(code);

/** What stands at each step, as long as there is anything; lists are walked through, and an empty one is something. */
function walk(data: unknown, names: readonly string[], way?: Way): readonly (readonly unknown[])[] {
  const places: (readonly unknown[])[] = [];
  let holders = present([data]);
  for (const [index, name] of names.entries()) {
    const type = index === 0 ? undefined : way?.steps[index]?.type;
    const values = present(
      holders
        .filter((holder) => type === undefined || holder['__typename'] === type)
        .map((holder) => holder[name]),
    );
    if (values.length === 0) break;
    places.push(values);
    holders = present(values.flat());
  }
  return places;
}

type Holder = Readonly<Record<string, unknown>>;
const present = (values: readonly unknown[]): readonly Holder[] =>
  (values as readonly (Holder | null | undefined)[]).filter(
    (value) => value !== null && value !== undefined,
  );
