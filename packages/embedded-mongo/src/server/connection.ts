import type { Socket } from 'node:net';
import { dispatch, errorReply, writeConcernError } from '../commands/dispatch.ts';
import { standingOf, type Standing } from '../commands/labels.ts';
import type { Engine } from '../commands/engine.ts';
import type { Peer } from '../commands/context.ts';
import { COMMANDS } from '../commands/registry.ts';
import { timestampOf } from '../transactions/cluster-clock.ts';
import { CommandError, code } from '../values/errors.ts';
import type { Plain } from '../values/encode.ts';
import { Binary, type Doc, type ObjectId } from '../values/types.ts';
import { FrameReader, headerOf } from '../wire/frame.ts';
import { MAX_QUEUED, OP_MSG, OP_QUERY } from '../wire/limits.ts';
import { isUnanswered, readMessage, writeMessage, type Message } from '../wire/op-msg.ts';
import { readQuery, writeReply } from '../wire/op-query.ts';
import { ScramLogin, type Credentials } from './auth-scram.ts';
import type { FailPoints, Failure } from './failpoints.ts';
import { awaitMs, helloReply, isHello, noteClient } from './hello.ts';

/** What all connections of a server share. */
export interface ServerState {
  readonly engine: Engine;
  readonly processId: ObjectId;
  readonly credentials: Credentials | null;
  /** Null unless test commands are on. */
  readonly failPoints: FailPoints | null;
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

const BEFORE_LOGIN = new Set([
  'saslStart',
  'saslContinue',
  'ping',
  'buildInfo',
  'buildinfo',
  'endSessions',
  'connectionStatus',
  'logout',
]);
const NO_SIGNATURE = { hash: new Binary(new Uint8Array(20)), keyId: 0n };
const STANDING: Standing = { inTransaction: false, endsTransaction: false, retryable: false };

/** Serves one socket: messages are answered one after another, in the order they came. */
export class Connection {
  private readonly state: ServerState;
  private readonly socket: Socket;
  private readonly peer: Peer;
  private readonly frames = new FrameReader();
  private readonly closed = new AbortController();
  private readonly queue: Buffer[] = [];
  private busy = false;
  private requestId = 1;
  private login: ScramLogin | null = null;

  constructor(state: ServerState, socket: Socket, id: number) {
    this.state = state;
    this.socket = socket;
    // The address the client dialled as it will dial it again: `localhost` resolves to this one.
    const host = `${socket.localAddress ?? '127.0.0.1'}:${socket.localPort ?? 0}`;
    this.peer = {
      id,
      host,
      closed: this.closed.signal,
      faults: state.failPoints,
      appName: null,
      authenticated: state.credentials === null,
      cut: false,
    };
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.closed.abort());
  }

  private receive(chunk: Buffer): void {
    try {
      this.queue.push(...this.frames.push(chunk));
    } catch {
      this.socket.destroy(); // a length that cannot be: nothing after it can be read
      return;
    }
    if (this.queue.length > MAX_QUEUED) this.socket.pause();
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (
      let message = this.queue.shift();
      message && !this.closed.signal.aborted;
      message = this.queue.shift()
    ) {
      try {
        await this.serve(message);
      } catch (error) {
        this.state.log('connection.failed', { connection: this.peer.id, error: String(error) });
        this.socket.destroy();
      }
      if (this.socket.isPaused() && this.queue.length < MAX_QUEUED / 2) this.socket.resume();
    }
    this.busy = false;
  }

  private async serve(message: Buffer): Promise<void> {
    this.state.engine.store.stir();
    const { requestId, opCode } = headerOf(message);
    if (opCode === OP_MSG) await this.serveMessage(message, requestId);
    else if (opCode === OP_QUERY) await this.serveQuery(message, requestId);
    else this.socket.destroy();
  }

  private async serveQuery(message: Buffer, responseTo: number): Promise<void> {
    let reply: Plain;
    try {
      const body = readQuery(message);
      const [name = ''] = body.keys();
      if (!isHello(name))
        throw new CommandError(
          352,
          `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
        );
      const failure = this.state.failPoints?.hit(name, body, this.peer.appName) ?? null;
      if (failure && (await this.fails(failure))) return;
      reply = failure?.reply ?? this.hello(name, body);
    } catch (error) {
      reply = errorReply(error, '', STANDING);
    }
    this.socket.write(writeReply(reply, { requestId: this.requestId++, responseTo }));
  }

  private async serveMessage(buffer: Buffer, responseTo: number): Promise<void> {
    let message: Message;
    try {
      message = readMessage(buffer);
    } catch (error) {
      if (!isUnanswered(buffer)) await this.send(errorReply(error, '', STANDING), responseTo);
      return;
    }
    const [name = ''] = message.body.keys();
    if (isHello(name) && awaitMs(message.body) !== null) {
      await this.streamHello(message, name, responseTo);
      return;
    }
    const reply = await this.answer(name, message.body);
    if (this.peer.cut) this.socket.destroy();
    else if (reply && message.answered) await this.send(reply, responseTo);
  }

  /** Null when a fail point closed the connection. */
  private async answer(name: string, body: Doc): Promise<Plain | null> {
    const failure = this.state.failPoints?.hit(name, body, this.peer.appName) ?? null;
    if (failure && (await this.fails(failure))) return null;
    if (failure?.reply) return failure.reply;
    try {
      const reply = await this.run(name, body);
      const concern = COMMANDS.get(name)?.writes ? writeConcernError(body) : null;
      return {
        ...reply,
        ok: 1,
        ...(concern ? { writeConcernError: concern } : {}),
        ...failure?.addition,
      };
    } catch (error) {
      if (!(error instanceof CommandError))
        this.state.log('command.failed', { command: name, error: String((error as Error).stack) });
      return errorReply(error, name, standingOf(name, body));
    }
  }

  private async run(name: string, body: Doc): Promise<Plain> {
    const { engine, failPoints } = this.state;
    if (isHello(name)) return this.hello(name, body);
    if (name === 'saslStart' || name === 'saslContinue') return this.authenticate(name, body);
    if (name === 'logout') return {};
    if (!this.peer.authenticated && !BEFORE_LOGIN.has(name))
      throw new CommandError(code.Unauthorized, `Command ${name} requires authentication`);
    if (name === 'configureFailPoint' && failPoints) return failPoints.configure(body);
    return dispatch(engine, this.peer, body);
  }

  private hello(name: string, body: Doc): Plain {
    noteClient(this.peer, body);
    const reply = helloReply(this.state.engine, this.peer, name, this.state.processId);
    const mechanisms =
      body.has('saslSupportedMechs') && this.state.credentials
        ? { saslSupportedMechs: ['SCRAM-SHA-256'] }
        : {};
    const speculative = body.get('speculativeAuthenticate');
    if (!(speculative instanceof Map) || !this.state.credentials)
      return { ...reply, ...mechanisms, ok: 1 };
    try {
      return {
        ...reply,
        ...mechanisms,
        speculativeAuthenticate: this.authenticate('saslStart', speculative),
        ok: 1,
      };
    } catch {
      return { ...reply, ...mechanisms, ok: 1 }; // the driver then logs in the long way and hears the error
    }
  }

  private authenticate(name: string, body: Doc): Plain {
    const { credentials, engine } = this.state;
    if (!credentials)
      throw new CommandError(code.AuthenticationFailed, 'This engine runs without authentication.');
    if (name === 'saslStart') this.login = new ScramLogin(credentials, engine.randomBytes);
    if (!this.login) throw new CommandError(code.AuthenticationFailed, 'Authentication failed.');
    const reply = name === 'saslStart' ? this.login.start(body) : this.login.continue(body);
    if (this.login.done) this.peer.authenticated = true;
    return reply;
  }

  // Nothing about this server ever changes, so a greeting is held as long as the client lets it.
  private async streamHello(message: Message, name: string, responseTo: number): Promise<void> {
    let previous = responseTo;
    do {
      const failure = this.state.failPoints?.hit(name, message.body, this.peer.appName) ?? null;
      if (failure && (await this.fails(failure))) return;
      await this.sleep(failure?.reply ? 0 : (awaitMs(message.body) ?? 0));
      if (this.closed.signal.aborted) return;
      const requestId = this.requestId++;
      const reply = failure?.reply ?? { ...this.hello(name, message.body), ok: 1 };
      const more = message.exhaustAllowed && !failure?.reply;
      this.socket.write(
        writeMessage(this.decorated(reply), { requestId, responseTo: previous }, more),
      );
      previous = requestId;
      if (!more) return;
    } while (!this.closed.signal.aborted);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.closed.signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.closed.signal.addEventListener('abort', finish, { once: true });
    });
  }

  /** Blocks or closes as a fail point asks; true when the connection is gone. */
  private async fails(failure: Failure): Promise<boolean> {
    if (failure.blockMs > 0) await this.sleep(failure.blockMs);
    if (failure.closeConnection) this.socket.destroy();
    return failure.closeConnection || this.closed.signal.aborted;
  }

  private decorated(reply: Plain): Plain {
    const clusterTime = timestampOf(this.state.engine.clock.current());
    return {
      ...reply,
      $clusterTime: { clusterTime, signature: NO_SIGNATURE },
      operationTime: clusterTime,
    };
  }

  // Held until everything written so far is on disk: no one sees what a crash could take back.
  private async send(reply: Plain, responseTo: number): Promise<void> {
    const frame = writeMessage(this.decorated(reply), { requestId: this.requestId++, responseTo });
    const settled = this.state.engine.store.settled();
    if (settled) await settled;
    if (!this.closed.signal.aborted) this.socket.write(frame);
  }
}
