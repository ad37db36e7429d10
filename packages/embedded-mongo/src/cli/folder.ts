import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveCredentials, type Credentials } from '../server/auth-scram.ts';

const USER = 'embedded';
const ENGINE_FILE = 'engine.pid';
const PASSWORD_FILE = 'password';

/** Makes the data folder; only its owner may look into it. */
export function makeFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}

/** The engine that serves a folder. */
export interface RunningEngine {
  readonly pid: number;
  /** Null until it listens. */
  readonly port: number | null;
}

/** Notes which engine serves the folder: for the one that is refused, and for backups. */
export function noteEngine(dataDir: string, engine: RunningEngine): void {
  writeFileSync(join(dataDir, ENGINE_FILE), `${engine.pid}\n${engine.port ?? ''}\n`, {
    mode: 0o600,
  });
}

/** Takes the note away at an orderly end, while the folder is still locked: its number may be another process's soon. */
export function forgetEngine(dataDir: string): void {
  rmSync(join(dataDir, ENGINE_FILE), { force: true });
}

/** The engine that serves the folder, as it wrote itself down; null when none did. */
export function readEngine(dataDir: string): RunningEngine | null {
  const [pid, port] = (readOrNull(join(dataDir, ENGINE_FILE)) ?? '').split('\n').map(Number);
  if (!pid || !Number.isInteger(pid)) return null;
  return { pid, port: port && Number.isInteger(port) ? port : null };
}

/** A password with the keys derived from it. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly credentials: Credentials;
}

/** The login of a folder: a random password made at the first start, in a file only the owner reads. */
export function folderLogin(dataDir: string, randomBytes: (size: number) => Buffer): Login {
  const file = join(dataDir, PASSWORD_FILE);
  let password = readOrNull(file);
  if (password === null) {
    password = randomBytes(24).toString('base64url');
    writeFileSync(file, `${password}\n`, { mode: 0o600 });
  }
  chmodSync(file, 0o600);
  return { user: USER, password, credentials: deriveCredentials(USER, password, randomBytes(28)) };
}

/** The user and password of a folder, for a client of the engine that serves it. */
export const readLogin = (dataDir: string): Pick<Login, 'user' | 'password'> => ({
  user: USER,
  password: readOrNull(join(dataDir, PASSWORD_FILE)) ?? '',
});

function readOrNull(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? null : text;
  } catch {
    return null;
  }
}

/** The URI a driver connects with. */
export function uriOf(port: number, login: Pick<Login, 'user' | 'password'> | null): string {
  const user = login ? `${login.user}:${login.password}@` : '';
  const query = login
    ? 'replicaSet=rs0&authSource=admin&authMechanism=SCRAM-SHA-256'
    : 'replicaSet=rs0';
  return `mongodb://${user}127.0.0.1:${port}/?${query}`;
}
