import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { decode } from '../values/decode.ts';
import { encode, type Plain } from '../values/encode.ts';
import { Binary, type Doc } from '../values/types.ts';
import { FrameReader, HEADER_SIZE } from '../wire/frame.ts';
import { OP_MSG } from '../wire/limits.ts';
import type { Login } from './folder.ts';

/** The engine answered a command with an error. */
export class EngineRefused extends Error {}

/** A connection to a running engine, for the tasks of the command line. */
export class EngineClient {
  private readonly socket: Socket;
  private readonly frames = new FrameReader();
  private waiting: { resolve: (doc: Doc) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      const [message] = this.frames.push(chunk);
      if (message) this.waiting?.resolve(decode(message.subarray(HEADER_SIZE + 5)));
    });
    const lost = (): void => this.waiting?.reject(new Error('the engine closed the connection'));
    socket.on('close', lost).on('error', lost);
  }

  /** Connects and logs in. */
  static async open(port: number, login: Pick<Login, 'user' | 'password'>): Promise<EngineClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const client = new EngineClient(socket);
    await client.logIn(login);
    return client;
  }

  /** Sends one command to `admin`. @throws EngineRefused */
  async run(command: Plain): Promise<Doc> {
    const answer = new Promise<Doc>((resolve, reject) => (this.waiting = { resolve, reject }));
    const body = encode({ ...command, $db: 'admin' });
    const head = Buffer.alloc(HEADER_SIZE + 5);
    head.writeInt32LE(head.length + body.length, 0);
    head.writeInt32LE(OP_MSG, 12);
    this.socket.write(Buffer.concat([head, body]));
    const reply = await answer;
    if (reply.get('ok') !== 1) throw new EngineRefused(String(reply.get('errmsg')));
    return reply;
  }

  close(): void {
    this.waiting = null;
    this.socket.destroy();
  }

  // SCRAM-SHA-256 (RFC 7677). An engine without authentication says so, and all is well.
  private async logIn(login: Pick<Login, 'user' | 'password'>): Promise<void> {
    const bare = `n=${login.user},r=${randomBytes(18).toString('base64')}`;
    let first: Doc;
    try {
      first = await this.run(sasl('saslStart', `n,,${bare}`, { mechanism: 'SCRAM-SHA-256' }));
    } catch (error) {
      if (error instanceof EngineRefused && error.message.includes('without authentication'))
        return;
      throw error;
    }
    const serverFirst = payloadOf(first);
    const m = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst);
    if (!m) throw new EngineRefused('the engine answered a log-in with something else');
    const [, nonce = '', salt = '', rounds = ''] = m;
    const salted = pbkdf2Sync(
      login.password.normalize('NFKC'),
      Buffer.from(salt, 'base64'),
      Number(rounds),
      32,
      'sha256',
    );
    const hmac = (key: Buffer, text: string): Buffer =>
      createHmac('sha256', key).update(text).digest();
    const clientKey = hmac(salted, 'Client Key');
    const storedKey = createHash('sha256').update(clientKey).digest();
    const signature = hmac(storedKey, `${bare},${serverFirst},c=biws,r=${nonce}`);
    const proof = Buffer.from(clientKey.map((b, i) => b ^ (signature[i] as number)));
    await this.run(
      sasl('saslContinue', `c=biws,r=${nonce},p=${proof.toString('base64')}`, {
        conversationId: 1,
      }),
    );
  }
}

const sasl = (name: string, payload: string, more: Plain): Plain => ({
  [name]: 1,
  payload: new Binary(Buffer.from(payload)),
  ...more,
});

function payloadOf(reply: Doc): string {
  const payload = reply.get('payload');
  return payload instanceof Binary ? Buffer.from(payload.bytes).toString('utf8') : '';
}
