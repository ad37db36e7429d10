import { Catalog } from '../catalog/catalog.ts';
import { Garbage } from '../catalog/garbage.ts';
import type { EngineSettings } from '../transactions/settings.ts';
import { checkNamespace } from '../catalog/namespace.ts';
import type { Collection } from '../catalog/collection.ts';
import { Oplog } from '../changes/oplog.ts';
import { Cursors } from '../cursors/cursors.ts';
import type { Store } from '../storage/store.ts';
import { ClusterClock } from '../transactions/cluster-clock.ts';
import { RetryTable } from '../transactions/retry-table.ts';
import { Sessions } from '../transactions/sessions.ts';
import { Snapshots } from '../transactions/snapshots.ts';
import { Transaction, UnitWriter, type CommitSink, type Writer } from '../transactions/writer.ts';
import { Operations } from './operations.ts';
import { CommandError, code, writeConflict } from '../values/errors.ts';
import { ObjectId, type Doc } from '../values/types.ts';

/** What the engine takes from the outside world. */
export interface EngineDeps {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
  readonly settings: EngineSettings;
}

/** Everything that commands share: one per process. */
export class Engine {
  readonly store: Store;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
  readonly settings: EngineSettings;
  readonly clock: ClusterClock;
  readonly snapshots = new Snapshots();
  readonly garbage: Garbage;
  readonly catalog: Catalog;
  readonly oplog: Oplog;
  readonly sessions: Sessions;
  readonly cursors: Cursors;
  readonly operations: Operations;
  /** Namespaces that open transactions are about to create. */
  readonly creating = new Map<string, Transaction>();
  /** The connection for which the main file is kept unchanged, if any. */
  backupHolder: object | null = null;
  private readonly sink: CommitSink;
  private readonly idPrefix: Buffer;
  private idCounter: number;

  constructor(deps: EngineDeps) {
    const { store, now } = deps;
    this.store = store;
    this.now = now;
    this.randomBytes = deps.randomBytes;
    this.settings = { ...deps.settings };
    this.oplog = new Oplog(store, now);
    this.clock = new ClusterClock(now, store.oplogBounds().last);
    this.garbage = new Garbage(store);
    this.catalog = new Catalog(store, this.garbage);
    this.sink = {
      clock: this.clock,
      snapshots: this.snapshots,
      appendOplog: (ts, changes, transaction) =>
        this.oplog.append(
          ts,
          changes,
          transaction && {
            lsid: Buffer.from(transaction.lsid, 'latin1'),
            txnNumber: transaction.txnNumber,
          },
        ),
    };
    this.sessions = new Sessions({
      retryTable: new RetryTable(store),
      sink: this.sink,
      now,
      settings: this.settings,
    });
    this.cursors = new Cursors({
      now,
      settings: this.settings,
      firstId: this.randomBytes(6).readUIntBE(0, 6),
    });
    this.operations = new Operations(now);
    this.idPrefix = this.randomBytes(5);
    this.idCounter = this.randomBytes(3).readUIntBE(0, 3);
    this.dropTemporary();
  }

  // What a crash left of a `$out`: nobody will ever rename it.
  private dropTemporary(): void {
    for (const collection of this.catalog.all()) {
      if (collection.options.get('temp') !== true) continue;
      const { ns, uuid } = collection;
      const unit = this.unit();
      unit.log({ op: 'c', ns, uuid, command: new Map([['kind', 'drop']]) });
      this.catalog.remove(collection, this.clock.next());
      unit.finish();
    }
  }

  /** A writer for changes outside of transactions; call `finish` in the same turn. */
  unit(): UnitWriter {
    return new UnitWriter(this.sink);
  }

  /** A new object id, for documents that come without one. */
  newId(): ObjectId {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt32BE(Math.floor(this.now() / 1000), 0);
    this.idPrefix.copy(bytes, 4);
    this.idCounter = (this.idCounter + 1) & 0xffffff;
    bytes.writeUIntBE(this.idCounter, 9, 3);
    return new ObjectId(bytes);
  }

  /** The collection a command names, as its transaction may see it. */
  collection(ns: string, transaction: Transaction | null): Collection | undefined {
    if (!transaction) return this.catalog.get(ns);
    this.checkCatalogAt(ns, transaction.view.ts);
    const found = transaction.created.get(ns) ?? this.catalog.get(ns);
    if (found) transaction.touched.add(found);
    return found;
  }

  /** @throws CommandError 246 when the namespace was dropped, renamed or given an index after that time */
  checkCatalogAt(ns: string, ts: number): void {
    const changedAt = this.catalog.changedAt.get(ns);
    if (changedAt === undefined || changedAt <= ts) return;
    throw new CommandError(
      code.SnapshotUnavailable,
      `Unable to read from a snapshot due to pending collection catalog changes; please retry the operation. Collection: ${ns}`,
    );
  }

  /** Makes a collection, at once or with the transaction it is made in. */
  create(ns: string, options: Doc, writer: Writer): Collection {
    const dot = ns.indexOf('.');
    checkNamespace(ns.slice(0, dot), ns.slice(dot + 1));
    const uuid = this.randomBytes(16);
    uuid[6] = ((uuid[6] as number) & 0x0f) | 0x40;
    uuid[8] = ((uuid[8] as number) & 0x3f) | 0x80;
    if (!(writer instanceof Transaction)) {
      const collection = this.catalog.prepare(ns, options, uuid);
      this.catalog.publish(collection, writer);
      return collection;
    }
    writer.checkOpen();
    const owner = this.creating.get(ns);
    if (owner && owner !== writer) throw writeConflict();
    const collection = this.catalog.prepare(ns, options, uuid);
    this.creating.set(ns, writer);
    writer.created.set(ns, collection);
    writer.touched.add(collection);
    writer.log({ op: 'c', ns, uuid: collection.uuid, command: new Map([['kind', 'create']]) });
    writer.onCommit.push(() => this.catalog.enter(collection));
    writer.onClose.push(() => this.creating.delete(ns));
    return collection;
  }

  /** The next record id of a collection. */
  nextRid(collection: Collection): number {
    if (collection.nextRid === null) {
      const [last] = collection.docs.store.range(
        { from: collection.from, to: collection.to, reverse: true },
        1,
      );
      collection.nextRid = last ? last[0] + 1 : collection.from + 1;
    }
    if (collection.nextRid >= collection.to)
      throw new CommandError(code.Overflow, 'the collection has run out of record ids');
    return collection.nextRid++;
  }

  /** Documents in a collection, counted once and then kept up. */
  count(collection: Collection): number {
    if (collection.count === null) {
      let count = 0;
      let from = collection.from;
      for (;;) {
        const rows = collection.docs.store.range({ from, to: collection.to, reverse: false }, 5000);
        count += rows.length;
        const last = rows.at(-1);
        if (!last || rows.length < 5000) break;
        from = last[0] + 1;
      }
      collection.count = count;
    }
    return collection.count;
  }
}
