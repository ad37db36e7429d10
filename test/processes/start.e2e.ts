import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, type Program, run } from './program.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), '7pay-start-'));
let out: string;
beforeAll(() => {
  out = bundle();
});
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
});

const start = (env: Record<string, string> = {}, ...args: string[]): Program =>
  run(
    path.join(out, 'platform.js'),
    { DATA_DIR: dataDir, PORT: '0', IDENTITY_PORT: '0', SANDBOX_PORT: '0', PATH: '', ...env },
    ...args,
  );
const fresh = (env: Record<string, string> = {}): Program => start(env, '--fresh');

describe('the one-process platform', () => {
  it('starts on an empty folder, says what to open, and keeps its data for the second start', async () => {
    const first = start();
    const banner = await first.says(/Pairing code [A-Z0-9]{8}/);
    expect(banner).toMatch(/database: embedded engine/);
    const [, gateway] = /Wallet\s+(http:\/\/localhost:\d+)/.exec(banner) ?? [];
    expect((await fetch(`${gateway}/ready`)).status).toBe(200);
    const stores = async (url: string | undefined) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ stores { nodes { id name } } }"}',
      });
      return (await response.json()) as { data: { stores: { nodes: unknown[] } } };
    };
    const before = await stores(gateway);
    expect(before.data.stores.nodes).toHaveLength(2);
    expect(await first.end('SIGTERM')).toBe(0);

    const second = start();
    const again = await second.says(/Pairing code [A-Z0-9]{8}/);
    expect(await stores(/Wallet\s+(http:\/\/localhost:\d+)/.exec(again)?.[1])).toEqual(before);
    await second.end('SIGTERM');
  });

  it('ends its database with it, also when it is killed', async () => {
    const running = start();
    await running.says(/Pairing code/);
    const engines = await childrenOf(running.pid);
    expect(engines.length).toBeGreaterThan(0);
    await running.end('SIGKILL');
    const deadline = performance.now() + 5_000;
    while (engines.some(isAlive) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(engines.filter(isAlive)).toEqual([]);
  });

  it('ends in order when a signal reaches its database as well, as in a terminal', async () => {
    const running = start();
    await running.says(/Pairing code/);
    const engines = await childrenOf(running.pid);
    for (const pid of engines) process.kill(pid, 'SIGTERM');
    for (const pid of engines) process.kill(pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(engines.every(isAlive)).toBe(true); // the platform may still have writes to make
    expect(await running.end('SIGTERM')).toBe(0);
    expect(engines.filter(isAlive)).toEqual([]);
  });

  it('ends in order when Ctrl+C reaches it twice: from the terminal, and from npm that passes it on', async () => {
    const running = start();
    await running.says(/Pairing code/);
    const engines = await childrenOf(running.pid);
    process.kill(running.pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await running.end('SIGINT')).toBe(0);
    expect(engines.filter(isAlive)).toEqual([]);
  });

  it('says so and ends with code 1 when its database is killed', async () => {
    const running = start();
    await running.says(/Pairing code/);
    for (const pid of await childrenOf(running.pid)) process.kill(pid, 'SIGKILL');
    expect(await running.ended).toBe(1);
    expect(running.output()).toMatch(/"signal":"SIGKILL".*"msg":"database.ended"/);
  });

  it('refuses a data folder that another start works on, and says which process has it', async () => {
    const first = start();
    await first.says(/Pairing code/);
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/embedded-mongo/);
    expect(second.output()).not.toMatch(/\n\s+at /);
    await first.end('SIGTERM');
  });

  it('deletes nothing by --fresh of a folder that another start works on, and says which process has it', async () => {
    const first = start();
    await first.says(/Pairing code/);
    const [engine] = await childrenOf(first.pid);
    const kept = () => readdirSync(dataDir, { recursive: true }).map(String).sort();
    const before = kept();
    const second = fresh();
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`process ${engine}`);
    expect(second.output()).not.toMatch(/\n\s+at /);
    expect(kept()).toEqual(expect.arrayContaining(before));
    await first.end('SIGTERM');
  });

  it('deletes nothing by --fresh when the database is not in the folder', async () => {
    const secrets = readFileSync(path.join(dataDir, 'secrets.json'), 'utf8');
    const refused = fresh({ MONGODB_URI: 'mongodb://127.0.0.1:1/?replicaSet=rs0' });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatch(/--fresh .* MONGODB_URI/);
    expect(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets);
  });

  it('says which port is taken and by which setting to change it', async () => {
    const squatter = createServer();
    const port = await new Promise<number>((resolve) => {
      squatter.listen(0, '127.0.0.1', () => resolve((squatter.address() as { port: number }).port));
    });
    const refused = start({ PORT: String(port) });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain(`Port ${port} is taken. Set PORT to another one`);
    expect(refused.output()).not.toMatch(/\n\s+at /);
    squatter.close();
  });

  it('gives up on a MONGODB_URI that does not answer, in words and without the password', async () => {
    const refused = start({ MONGODB_URI: 'mongodb://admin:s3cret@127.0.0.1:1/?replicaSet=rs0' });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('No MongoDB answers at mongodb://127.0.0.1:1');
    expect(refused.output()).not.toMatch(/s3cret|\n\s+at /);
  });

  it('names a setting that is wrong', async () => {
    const refused = start({ PORT: 'seventy', MONGODB_URI: 'postgres://x' });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatch(/PORT: .*\n\s+|MONGODB_URI: a mongodb:\/\/ URI is expected/);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const ps = spawn('ps', ['-o', 'pid=', '--ppid', String(pid)]);
  let text = '';
  for await (const chunk of ps.stdout) text += String(chunk);
  return text.split(/\s+/).filter(Boolean).map(Number);
}
