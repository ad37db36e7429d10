import type { Collection } from '../catalog/collection.ts';
import type { Variables } from '../expression/compile.ts';
import type { Collation } from '../query/text-fold.ts';
import type { View } from '../transactions/view.ts';
import type { Doc, Value } from '../values/types.ts';

/** A stage turns documents into documents; null is a place to pause and is handed on. */
export type Stage = (input: Iterable<Doc | null>) => Iterable<Doc | null>;

/** What a pipeline is compiled under. */
export interface PipelineContext {
  readonly variables: Variables;
  readonly collation: Collation | null;
  readonly view: View;
  /** A collection of the same database by name, or undefined. */
  readonly collection: (name: string) => Collection | undefined;
}

/** What a stage is compiled under: stages that hold a pipeline of their own compile it by this. */
export interface StageContext extends PipelineContext {
  readonly compile: (stages: readonly Value[], context: PipelineContext) => Stage;
}

const PAUSE_EVERY = 128;

/** Rows held in memory, with places to pause (null) between them. */
export function* paced<Row>(rows: Iterable<Row>): Generator<Row | null> {
  let given = 0;
  for (const row of rows) {
    if (++given % PAUSE_EVERY === 0) yield null;
    yield row;
  }
}

/** A stage that keeps or changes documents one by one; undefined leaves one out. */
export const each = (change: (doc: Doc) => Doc | undefined): Stage =>
  function* each(input) {
    for (const doc of input) {
      if (doc === null) yield null;
      else {
        const out = change(doc);
        if (out) yield out;
      }
    }
  };
