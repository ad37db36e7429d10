import { decode } from '../values/decode.ts';
import { encode, Raw, type Encodable } from '../values/encode.ts';
import { Binary, UtcDate, type Doc, type Value } from '../values/types.ts';

/** One change as the oplog keeps it. */
export interface Change {
  /** i insert, u update, r replace, d delete, c a change of the catalog */
  readonly op: 'i' | 'u' | 'r' | 'd' | 'c';
  readonly ns: string;
  readonly uuid: Binary;
  /** The document's `_id`. */
  readonly id?: Value;
  /** The whole document, of an insert or a replace. */
  readonly doc?: Buffer;
  /** `updatedFields`, `removedFields`, `truncatedArrays` of an update. */
  readonly description?: Doc;
  /** Images, when the collection keeps them. */
  readonly before?: Buffer;
  readonly after?: Buffer;
  /** What happened to the catalog: its `kind` and facts. */
  readonly command?: Doc;
}

/** Everything one commit changed. */
export interface CommitRow {
  readonly ts: number;
  readonly wallMs: number;
  readonly changes: readonly Change[];
  readonly transaction: { readonly lsid: Buffer; readonly txnNumber: bigint } | null;
}

/** The bytes of an oplog row. */
export function encodeRow(row: CommitRow): Buffer {
  const ops: Encodable[] = row.changes.map((c) => ({
    op: c.op,
    ns: c.ns,
    ui: c.uuid,
    id: c.id,
    o: c.doc && new Raw(c.doc),
    d: c.description,
    pre: c.before && new Raw(c.before),
    post: c.after && new Raw(c.after),
    c: c.command,
  }));
  return encode({
    wall: new UtcDate(row.wallMs),
    lsid: row.transaction ? new Binary(row.transaction.lsid, 4) : undefined,
    txn: row.transaction?.txnNumber,
    ops,
  });
}

const bytes = (v: Value | undefined): Buffer | undefined =>
  v instanceof Map ? encode(v) : undefined;

/** Reads an oplog row back. */
export function decodeRow(ts: number, buf: Buffer): CommitRow {
  const row = decode(buf);
  const wall = row.get('wall') as UtcDate;
  const lsid = row.get('lsid');
  const changes = (row.get('ops') as Doc[]).map((op) => changeOf(op));
  const transaction =
    lsid instanceof Binary
      ? { lsid: Buffer.from(lsid.bytes), txnNumber: row.get('txn') as bigint }
      : null;
  return { ts, wallMs: wall.ms, changes, transaction };
}

function changeOf(op: Doc): Change {
  const doc = bytes(op.get('o'));
  const before = bytes(op.get('pre'));
  const after = bytes(op.get('post'));
  const id = op.get('id');
  const description = op.get('d') as Doc | undefined;
  const command = op.get('c') as Doc | undefined;
  return {
    op: op.get('op') as Change['op'],
    ns: op.get('ns') as string,
    uuid: op.get('ui') as Binary,
    ...(id === undefined ? {} : { id }),
    ...(doc ? { doc } : {}),
    ...(description ? { description } : {}),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(command ? { command } : {}),
  };
}
