import { compilePipeline } from '../aggregate/pipeline.ts';
import { chain, isStage } from '../aggregate/stages.ts';
import { unknownStage } from '../aggregate/stage-names.ts';
import type { Stage } from '../aggregate/stage.ts';
import { dbOf, nameOf } from '../catalog/collection.ts';
import type { Batch, CursorSource } from '../cursors/cursors.ts';
import type { Engine } from '../commands/engine.ts';
import type { Variables } from '../expression/compile.ts';
import { parseCollation } from '../query/text-fold.ts';
import { LATEST } from '../transactions/view.ts';
import { equal } from '../values/compare.ts';
import { encode } from '../values/encode.ts';
import { CommandError, badValue, code } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import type { Change, CommitRow } from './entry.ts';
import { MAX_EVENT, splitEvent, takeSplit, tooLarge, type Fragment } from './split.ts';
import { eventOf, type EventOptions } from './event.ts';
import { eventOptions, startOf } from './stream-options.ts';
import { tokenOf, type Position } from './token.ts';

/** Which changes a stream follows, and how they are shown. */
export interface StreamInput {
  readonly db: string;
  /** A collection, or null for the whole database. */
  readonly collection: string | null;
  readonly pipeline: readonly Doc[];
  readonly variables: Variables;
  /** Of the stages that follow; without any it compares nothing. */
  readonly collation: Value | undefined;
}

/** Stages that a stream may have; the last one is refused by the compiler of pipelines. */
const STAGES = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$changeStreamSplitLargeEvent',
  '$redact',
]);
const AWAIT_MS = 1000;
const SLICE_MS = 5;
const MAX_BATCH_BYTES = 15 * 1024 * 1024;

/** Opens a change stream. @throws CommandError 286 when the place to resume from is out of history */
export function openStream(engine: Engine, input: StreamInput): CursorSource {
  const [first, ...rest] = input.pipeline;
  const spec = first?.get('$changeStream');
  if (!isDoc(spec)) throw badValue('$changeStream stage expects a document as argument');
  for (const stage of rest) {
    const [name = ''] = stage.keys();
    if (!isStage(name)) throw unknownStage(name);
    if (!STAGES.has(name))
      throw new CommandError(
        code.IllegalOperation,
        `${name} is not permitted in a $changeStream pipeline`,
      );
  }
  const wholeCluster = spec.get('allChangesForCluster') === true;
  if (wholeCluster && input.db !== 'admin')
    throw new CommandError(
      code.InvalidOptions,
      'A $changeStream with allChangesForCluster:true may only be opened on the admin database',
    );
  const options = eventOptions(engine, spec);
  const { stages, splits } = takeSplit(rest);
  const stage =
    stages.length > 0
      ? compilePipeline(stages, {
          variables: input.variables,
          collation: parseCollation(input.collation),
          view: LATEST,
          collection: () => undefined,
        })
      : chain([]);
  const scope: Scope = { db: input.db, collection: input.collection, wholeCluster };
  return new ChangeStream(engine, { start: startOf(engine, spec), options, stage, splits, scope });
}

interface Scope {
  readonly db: string;
  readonly collection: string | null;
  readonly wholeCluster: boolean;
}

interface StreamParts {
  readonly start: Position;
  readonly options: EventOptions;
  readonly stage: Stage;
  /** True when events too large for a document are told in fragments. */
  readonly splits: boolean;
  readonly scope: Scope;
}

class ChangeStream implements CursorSource {
  private readonly engine: Engine;
  private readonly parts: StreamParts;
  private position: Position;
  private ended = false;
  /** True when a walk over history stopped to let others have a turn. */
  private behind = false;
  /** Fragments of the event at `position` that are still to be told, and the place before them. */
  private fragments: Fragment[] = [];
  private told: Position;
  private readonly closed = new AbortController();

  constructor(engine: Engine, parts: StreamParts) {
    this.engine = engine;
    this.parts = parts;
    const { start } = parts;
    // In the midst of a split event: it is made again, and what was told of it is left out.
    this.position = start.fragment
      ? { ts: start.ts, index: start.index - 1, invalidate: false }
      : start;
    this.told = start;
    this.checkHistory();
  }

  private checkHistory(): void {
    if (this.position.ts < this.engine.oplog.trimmedTo()) {
      throw new CommandError(
        code.ChangeStreamHistoryLost,
        'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
        {
          labels: ['NonResumableChangeStreamError'],
        },
      );
    }
  }

  async next(input: {
    readonly count: number;
    readonly waitMs: number | null;
    readonly stop: AbortSignal;
  }): Promise<Batch> {
    const until = this.engine.now() + (input.waitMs ?? AWAIT_MS);
    const stop = AbortSignal.any([input.stop, this.closed.signal]);
    for (;;) {
      const settled = this.engine.store.settled();
      if (settled) await settled; // an event is told only when it is on disk
      const docs = this.collect(input.count === 0 ? Infinity : input.count);
      const left = until - this.engine.now();
      if (docs.length > 0 || left <= 0 || stop.aborted || this.ended) {
        const place = this.fragments.length > 0 ? this.told : this.position;
        return { docs, last: this.ended, token: encode(tokenOf(place)) };
      }
      if (this.behind) await new Promise((resolve) => setImmediate(resolve));
      else await this.engine.oplog.waitForChange(left, stop);
    }
  }

  /** Events from the present place on, until there are enough or history ends. */
  private collect(count: number): Buffer[] {
    const out: Buffer[] = [];
    let bytes = 0;
    const sliceEnd = this.engine.now() + SLICE_MS;
    this.checkHistory();
    if (this.fragments.length > 0) return this.nextFragment();
    for (;;) {
      // The commit of the present place may still have changes to tell.
      const rows = this.engine.oplog.after(this.position.ts - 1);
      let moved = false;
      for (const row of rows) {
        for (
          let index = row.ts === this.position.ts ? this.position.index + 1 : 0;
          index < row.changes.length;
          index++
        ) {
          for (const doc of this.step(row, index)) {
            out.push(doc);
            bytes += doc.length;
          }
          moved = true;
          if (this.fragments.length > 0) return out.length > 0 ? out : this.nextFragment();
          if (this.ended || out.length >= count || bytes > MAX_BATCH_BYTES) {
            this.behind = false;
            return out;
          }
        }
        if (row.ts > this.position.ts) moved = true;
        this.position = {
          ts: row.ts,
          index: Math.max(
            this.position.ts === row.ts ? this.position.index : -1,
            row.changes.length - 1,
          ),
          invalidate: false,
        };
      }
      this.behind = moved && this.engine.now() >= sliceEnd;
      if (!moved || this.behind) return out;
    }
  }

  // Each fragment is a batch of its own: two may not fit into one reply.
  private nextFragment(): Buffer[] {
    const fragment = this.fragments.shift();
    if (!fragment) return [];
    this.told = fragment.at;
    return [fragment.doc];
  }

  private step(row: CommitRow, index: number): Buffer[] {
    const at: Position = { ts: row.ts, index, invalidate: false };
    this.told = this.position;
    this.position = at;
    const change = row.changes[index] as Change;
    if (!this.follows(change)) return [];
    const event = eventOf(row, at, this.parts.options);
    const out = event ? this.shaped(event, at) : [];
    if (!this.invalidates(change)) return out;
    this.ended = true;
    this.position = { ...at, invalidate: true };
    const invalidate: Doc = new Map<string, Value>([
      ['_id', tokenOf(this.position)],
      ['operationType', 'invalidate'],
    ]);
    for (const name of ['clusterTime', 'wallTime']) invalidate.set(name, event?.get(name) ?? null);
    return [...out, ...this.shaped(invalidate, this.position)];
  }

  private shaped(event: Doc, at: Position): Buffer[] {
    const out: Buffer[] = [];
    for (const doc of this.parts.stage([event])) {
      if (doc === null) continue;
      const id = doc.get('_id');
      if (id === undefined || !equal(id, event.get('_id') as Value)) {
        throw new CommandError(
          code.ChangeStreamFatalError,
          'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.',
          { labels: ['NonResumableChangeStreamError'] },
        );
      }
      const bytes = encode(doc);
      if (bytes.length <= MAX_EVENT) out.push(bytes);
      else if (this.parts.splits) this.fragments = this.untold(splitEvent(doc, at));
      else throw tooLarge(bytes.length);
    }
    return out;
  }

  private untold(fragments: Fragment[]): Fragment[] {
    const { ts, index, fragment = 0 } = this.parts.start;
    return fragments.filter(
      ({ at }) => at.ts !== ts || at.index !== index || (at.fragment ?? 0) > fragment,
    );
  }

  private follows(change: Change): boolean {
    const { db, collection, wholeCluster } = this.parts.scope;
    if (wholeCluster) return true;
    if (dbOf(change.ns) !== db) return false;
    if (collection === null) return true;
    return nameOf(change.ns) === collection || change.command?.get('to') === `${db}.${collection}`;
  }

  private invalidates(change: Change): boolean {
    const { collection, wholeCluster } = this.parts.scope;
    const kind = change.command?.get('kind');
    if (wholeCluster) return false;
    return collection === null ? kind === 'dropDatabase' : kind === 'drop' || kind === 'rename';
  }

  close(): void {
    this.closed.abort();
  }
}
