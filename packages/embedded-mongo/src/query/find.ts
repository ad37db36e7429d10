import type { Collection } from '../catalog/collection.ts';
import { choosePlan, type Plan } from '../index/planner.ts';
import { runPlan, type ScanCounts } from '../index/scan.ts';
import { decode, decodeFields } from '../values/decode.ts';
import type { Doc, Value } from '../values/types.ts';
import type { View } from '../transactions/view.ts';
import { compareKeys, sortFields, sortKey, type SortSpec } from '../sort/sort.ts';
import { Sorter } from '../sort/sorter.ts';
import type { Matcher } from './matcher.ts';
import type { Collation } from './text-fold.ts';

/** What to find. */
export interface FindInput {
  readonly collection: Collection;
  readonly view: View;
  readonly matcher: Matcher;
  readonly sort: SortSpec | null;
  readonly collation: Collation | null;
  readonly hint?: Value | undefined;
  /** A plan that the caller made, instead of the best one. */
  readonly plan?: Plan | undefined;
  readonly skip: number;
  /** 0 is no limit. */
  readonly limit: number;
  /** True when the caller wants each document decoded as a whole. */
  readonly decoded: boolean;
  /** Says when others should have a turn; a walk that goes on anyway may leave it out. */
  readonly due?: (() => boolean) | undefined;
}

/** A match; `doc` is there only when the whole document was decoded. */
export interface Match {
  readonly rid: number;
  readonly bytes: Buffer;
  readonly doc: Doc | null;
}

/** A place in a walk where the caller may look at the clock. */
export const PAUSE = null;
const PAUSE_EVERY = 128;

/** A plan with the walk over it. */
export interface Execution {
  readonly plan: Plan;
  readonly counts: ScanCounts;
  /** True when the matches had to be sorted in memory. */
  readonly sorts: boolean;
  readonly matches: Generator<Match | typeof PAUSE>;
}

/** Plans and walks a find; documents come in the order of the sort, skipped and limited. */
export function find(input: FindInput): Execution {
  const plan =
    input.plan ??
    choosePlan(input.collection, {
      matcher: input.matcher,
      sort: input.sort,
      collation: input.collation,
      hint: input.hint,
    });
  const counts: ScanCounts = { keys: 0, docs: 0 };
  const { sort } = input;
  const sorts = sort !== null && sort.length > 0 && !(plan.kind === 'index' && plan.sorted);
  const found = candidates(input, plan, counts, sorts);
  const inOrder = sorts && sort ? sorted(found, input, sort) : found;
  return { plan, counts, sorts, matches: window(inOrder, input.skip, input.limit) };
}

interface Candidate extends Match {
  readonly key: Value[] | null;
}

function* candidates(
  input: FindInput,
  plan: Plan,
  counts: ScanCounts,
  sorts: boolean,
): Generator<Candidate | typeof PAUSE> {
  const { matcher, sort, collation } = input;
  const { docs } = input.collection;
  const due = input.due ?? (() => false);
  // What the bounds of an index promise holds until somebody writes between its entry and its document.
  const promised = matcher.all || (plan.kind === 'index' && plan.exact);
  const atStart = docs.writes;
  const readTrusted = reader(input, promised, sorts);
  const readToTest = promised ? reader(input, matcher.all, sorts) : readTrusted;
  let looked = 0;
  for (const [rid, bytes] of runPlan(input.collection, plan, input.view, counts)) {
    if (++looked % PAUSE_EVERY === 0 || due()) yield PAUSE;
    const trusted = matcher.all || (promised && docs.writes === atStart);
    const doc = trusted ? readTrusted(bytes) : readToTest(bytes);
    if (!trusted && !matcher.test(doc as Doc)) continue;
    const key = sorts && sort ? sortKey(sort, doc as Doc, collation) : null;
    yield { rid, bytes, doc: input.decoded ? doc : null, key };
  }
}

/** Decodes no more of a document than the filter and the sort look at. */
function reader(
  input: FindInput,
  skipTest: boolean,
  sorts: boolean,
): (bytes: Buffer) => Doc | null {
  if (input.decoded) return decode;
  const { fields } = input.matcher;
  if (!skipTest && fields === null) return decode;
  const wanted = new Set<string>(skipTest ? [] : fields);
  if (sorts && input.sort) for (const field of sortFields(input.sort)) wanted.add(field);
  return wanted.size === 0 ? () => null : (bytes) => decodeFields(bytes, wanted);
}

function* sorted(
  found: Generator<Candidate | typeof PAUSE>,
  input: FindInput,
  spec: SortSpec,
): Generator<Match | typeof PAUSE> {
  const keep = input.limit > 0 ? input.skip + input.limit : Infinity;
  if (keep === 1) {
    yield* best(found, spec);
    return;
  }
  const sorter = new Sorter<Match>(spec, keep);
  for (const item of found) {
    if (item === PAUSE) yield PAUSE;
    else sorter.add(item.key ?? [], item, item.bytes.length);
  }
  for (const item of sorter.done()) yield item ?? PAUSE;
}

function* best(
  found: Generator<Candidate | typeof PAUSE>,
  spec: SortSpec,
): Generator<Match | typeof PAUSE> {
  let first: Candidate | null = null;
  for (const item of found) {
    if (item === PAUSE) yield PAUSE;
    else if (!first || compareKeys(spec, item.key ?? [], first.key ?? []) < 0) first = item;
  }
  if (first) yield first;
}

function* window(
  found: Generator<Match | typeof PAUSE>,
  skip: number,
  limit: number,
): Generator<Match | typeof PAUSE> {
  let at = 0;
  for (const item of found) {
    if (item === PAUSE) {
      yield PAUSE;
      continue;
    }
    if (at++ < skip) continue;
    yield item;
    if (limit > 0 && at - skip >= limit) return;
  }
}
