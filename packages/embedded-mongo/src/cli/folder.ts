import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveCredentials, type Credentials } from '../server/auth-scram.ts';

const USER = 'embedded';

/** Makes the data folder; only its owner may look into it. */
export function makeFolder(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}

/** Notes which process holds the folder, for the message of the one that is refused. */
export function notePid(dataDir: string, pid: number): void {
  writeFileSync(join(dataDir, 'engine.pid'), `${pid}\n`, { mode: 0o600 });
}

/** The process that holds the folder, as it wrote itself down; null when it did not. */
export function readPid(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDir, 'engine.pid'), 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** A password with the keys derived from it. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly credentials: Credentials;
}

/** The login of a folder: a random password made at the first start, in a file only the owner reads. */
export function folderLogin(dataDir: string, randomBytes: (size: number) => Buffer): Login {
  const file = join(dataDir, 'password');
  let password = readOrNull(file);
  if (password === null) {
    password = randomBytes(24).toString('base64url');
    writeFileSync(file, `${password}\n`, { mode: 0o600 });
  }
  chmodSync(file, 0o600);
  return { user: USER, password, credentials: deriveCredentials(USER, password, randomBytes(28)) };
}

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
