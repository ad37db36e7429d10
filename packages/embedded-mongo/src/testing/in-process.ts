import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer } from '../commands/context.ts';
import { dispatch, errorReply } from '../commands/dispatch.ts';
import { standingOf } from '../commands/labels.ts';
import { DEFAULT_SETTINGS, Engine, type EngineSettings } from '../commands/engine.ts';
import { openSqliteStore } from '../storage/sqlite-store.ts';
import type { Store } from '../storage/store.ts';
import { decode } from '../values/decode.ts';
import { encode, type Plain } from '../values/encode.ts';
import { Binary, type Doc } from '../values/types.ts';

/** The engine without sockets and without a process of its own: what it does at which moment is the test's. */
export class InProcessEngine {
  readonly engine: Engine;
  readonly store: Store;
  private readonly folder: string;
  readonly peer: Peer;

  constructor(outside: { now?: () => number; settings?: Partial<EngineSettings> } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'embedded-mongo-in-process-'));
    this.store = openSqliteStore(this.folder, {
      now: () => performance.now(),
      onFatal: (error) => {
        throw error;
      },
    });
    this.engine = new Engine({
      store: this.store,
      randomBytes,
      now: outside.now ?? Date.now,
      settings: { ...DEFAULT_SETTINGS, ...outside.settings },
    });
    this.peer = {
      id: 1,
      closed: new AbortController().signal,
      host: '127.0.0.1:0',
      appName: null,
      authenticated: true,
      faults: null,
      cut: false,
    };
  }

  /** Runs one command as a connection would, and gives its answer when it is durable. */
  async run(command: Plain, db = 'd'): Promise<Doc> {
    const body = decode(encode({ ...command, $db: db }));
    const [name = ''] = body.keys();
    let reply: Plain;
    try {
      reply = { ...(await dispatch(this.engine, this.peer, body)), ok: 1 };
    } catch (error) {
      reply = errorReply(error, name, standingOf(name, body));
    }
    await this.store.settled();
    return decode(encode(reply));
  }

  /** Ends it and deletes its folder. */
  close(): void {
    this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A session id made of one byte. */
export const lsidOf = (n: number): Plain => ({ id: new Binary(Buffer.alloc(16, n), 4) });
