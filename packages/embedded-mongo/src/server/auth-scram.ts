import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { CommandError, code } from '../values/errors.ts';
import type { Plain } from '../values/encode.ts';
import { Binary, type Doc, type Value } from '../values/types.ts';

/** The one user of an engine; only derived keys are kept in memory. */
export interface Credentials {
  readonly user: string;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

const ITERATIONS = 15_000;

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Derives what the server needs from a password (RFC 5802 §3, SHA-256). */
export function deriveCredentials(user: string, password: string, salt: Buffer): Credentials {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
  return { user, salt, storedKey, serverKey: hmac(salted, 'Server Key') };
}

interface Conversation {
  readonly clientFirstBare: string;
  readonly serverFirst: string;
  readonly nonce: string;
  readonly serverKey: Buffer;
}

const failed = (): CommandError =>
  new CommandError(code.AuthenticationFailed, 'Authentication failed.');

/** The server side of one SCRAM-SHA-256 login. */
export class ScramLogin {
  private readonly credentials: Credentials;
  private readonly randomBytes: (size: number) => Buffer;
  private conversation: Conversation | null = null;
  private proven = false;

  constructor(credentials: Credentials, randomBytes: (size: number) => Buffer) {
    this.credentials = credentials;
    this.randomBytes = randomBytes;
  }

  /** Answers `saslStart`. @throws CommandError 18 */
  start(body: Doc): Plain {
    if (body.get('mechanism') !== 'SCRAM-SHA-256')
      throw new CommandError(
        code.AuthenticationFailed,
        `Received authentication for mechanism ${String(body.get('mechanism'))} which is not enabled`,
      );
    const text = payloadOf(body.get('payload'));
    const m = /^n,,(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]{8,512}))$/.exec(text);
    if (!m || m[2] !== this.credentials.user) throw failed();
    const nonce = `${m[3]}${this.randomBytes(24).toString('base64')}`;
    const serverFirst = `r=${nonce},s=${this.credentials.salt.toString('base64')},i=${ITERATIONS}`;
    this.conversation = {
      clientFirstBare: m[1] as string,
      serverFirst,
      nonce,
      serverKey: this.credentials.serverKey,
    };
    return reply(serverFirst, false);
  }

  /** Answers `saslContinue`; the login holds when `done` is true. @throws CommandError 18 */
  continue(body: Doc): Plain {
    const { conversation } = this;
    if (this.proven) return reply('', true);
    if (!conversation) throw failed();
    this.conversation = null; // one try per conversation
    const text = payloadOf(body.get('payload'));
    const m = /^(c=biws,r=([^,]+)),p=([A-Za-z0-9+/=]+)$/.exec(text);
    if (!m || m[2] !== conversation.nonce) throw failed();
    const message = `${conversation.clientFirstBare},${conversation.serverFirst},${m[1]}`;
    const signature = hmac(this.credentials.storedKey, message);
    const proof = Buffer.from(m[3] as string, 'base64');
    if (proof.length !== 32) throw failed();
    const clientKey = Buffer.from(proof.map((b, i) => b ^ (signature[i] as number)));
    if (
      !timingSafeEqual(createHash('sha256').update(clientKey).digest(), this.credentials.storedKey)
    )
      throw failed();
    this.proven = true;
    return reply(`v=${hmac(conversation.serverKey, message).toString('base64')}`, true);
  }

  get done(): boolean {
    return this.proven;
  }
}

const reply = (text: string, done: boolean): Plain => ({
  conversationId: 1,
  done,
  payload: new Binary(Buffer.from(text)),
});

function payloadOf(v: Value | undefined): string {
  if (!(v instanceof Binary) || v.bytes.length > 4096) throw failed();
  return Buffer.from(v.bytes).toString('utf8');
}
