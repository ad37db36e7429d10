import type { Doc, Value } from '../values/types.ts';
import type { Peer } from './context.ts';

/** One command that is being carried out. */
export interface Operation {
  readonly id: number;
  readonly peer: Peer;
  readonly ns: string;
  readonly command: Doc;
  readonly startedMs: number;
}

/** The `op` of an operation, by the name of its command; all others are `command`. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['find', 'query'],
  ['getMore', 'getmore'],
  ['insert', 'insert'],
  ['update', 'update'],
  ['delete', 'remove'],
]);

/** The commands that are being carried out at the moment, for `$currentOp`. */
export class Operations {
  private readonly running = new Map<number, Operation>();
  private readonly now: () => number;
  private nextId = 1;

  constructor(now: () => number) {
    this.now = now;
  }

  begin(peer: Peer, db: string, command: Doc): Operation {
    const [[name, target] = ['', null]] = command;
    const collection = name === 'getMore' ? command.get('collection') : target;
    const ns = typeof collection === 'string' ? `${db}.${collection}` : `${db}.$cmd.${name}`;
    const operation = { id: this.nextId++, peer, ns, command, startedMs: this.now() };
    this.running.set(operation.id, operation);
    return operation;
  }

  end(operation: Operation): void {
    this.running.delete(operation.id);
  }

  /** The running operations as `$currentOp` shows them. */
  shown(): Doc[] {
    const now = this.now();
    return [...this.running.values()].map(({ id, peer, ns, command, startedMs }) => {
      const [name = ''] = command.keys();
      const ms = Math.max(0, Math.round(now - startedMs));
      const doc: Doc = new Map<string, Value>([
        ['type', 'op'],
        ['host', peer.host],
        ['desc', `conn${peer.id}`],
        ['connectionId', peer.id],
        ['active', true],
        ['currentOpTime', new Date(now).toISOString()],
        ['opid', id],
        ['secs_running', BigInt(Math.floor(ms / 1000))],
        ['microsecs_running', BigInt(ms * 1000)],
        ['op', KINDS.get(name) ?? 'command'],
        ['ns', ns],
        ['command', command],
      ]);
      if (peer.appName !== null) doc.set('appName', peer.appName);
      const lsid = command.get('lsid');
      if (lsid !== undefined) doc.set('lsid', lsid);
      return doc;
    });
  }
}
