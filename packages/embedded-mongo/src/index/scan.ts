import type { Collection } from '../catalog/collection.ts';
import type { View } from '../transactions/view.ts';
import { CommandError, code } from '../values/errors.ts';
import type { IndexPlan, Plan } from './planner.ts';

/** What a walk looked at; `explain` reports it. */
export interface ScanCounts {
  keys: number;
  docs: number;
}

/** One document found: its record id and its bytes. */
export type Found = readonly [rid: number, bytes: Buffer];

/** Walks a plan and gives each document once. */
export function* runPlan(
  collection: Collection,
  plan: Plan,
  view: View,
  counts: ScanCounts,
): Generator<Found> {
  if (plan.kind === 'collection') {
    for (const found of view.scan(collection.docs, {
      from: collection.from,
      to: collection.to,
      reverse: plan.reverse,
    })) {
      if (collection.dropped) throw planKilled(`collection ${collection.ns} dropped`);
      counts.docs++;
      yield found;
    }
    if (collection.dropped) throw planKilled(`collection ${collection.ns} dropped`);
    return;
  }
  const seen = plan.kind === 'or' || plan.index.multikey ? new Set<number>() : null;
  for (const rid of recordsOf(plan, view, counts)) {
    if (seen?.has(rid)) continue;
    seen?.add(rid);
    const bytes = view.get(collection.docs, rid);
    counts.docs++;
    if (bytes) yield [rid, bytes]; // null: deleted since its entry was read
  }
}

function* recordsOf(plan: Plan, view: View, counts: ScanCounts): Generator<number> {
  if (plan.kind === 'or')
    for (const branch of plan.branches) yield* recordsOf(branch, view, counts);
  else if (plan.kind === 'index') yield* entriesOf(plan, view, counts);
}

function* entriesOf(plan: IndexPlan, view: View, counts: ScanCounts): Generator<number> {
  const { index, reverse } = plan;
  const intervals = reverse ? [...plan.intervals].reverse() : plan.intervals;
  for (const [from, to] of intervals) {
    if (plan.points) {
      const rid = view.get(index.entries, index.from + from);
      counts.keys++;
      if (rid !== null) yield rid;
      continue;
    }
    for (const [, rid] of view.scan(index.entries, {
      from: index.from + from,
      to: index.from + to,
      reverse,
    })) {
      if (index.dropped) break;
      counts.keys++;
      yield rid;
    }
    if (index.dropped) throw planKilled(`index '${index.definition.name}' dropped`);
  }
}

const planKilled = (why: string): CommandError => new CommandError(code.QueryPlanKilled, why);
