import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { connect } from '@7pay/mongo';
import { readPlatformConfig } from './config.ts';

/** One thing that was looked at: well, or what is missing and the command or setting that mends it. */
interface Finding {
  readonly what: string;
  readonly well: boolean;
  readonly says: string;
}

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FREE_BYTES = 1_000_000_000;

/** `npm run doctor`: says in words what is missing on this machine, and what mends it. */
async function examine(): Promise<Finding[]> {
  const config = readPlatformConfig(process.env);
  const dataDir = path.resolve(config.DATA_DIR);
  return [
    {
      what: 'Node',
      well: Number(process.versions.node.split('.')[0]) >= 24,
      says: `${process.versions.node}; npm scripts run on the packaged one (npm ci)`,
    },
    folder(dataDir),
    ...(await Promise.all(
      (['PORT', 'IDENTITY_PORT', 'SANDBOX_PORT'] as const).map((setting) =>
        port(setting, config[setting]),
      ),
    )),
    await database(config.MONGODB_URI),
    {
      what: 'Pages',
      well: ['wallet', 'pos', 'console'].every((app) => existsSync(`apps/${app}/dist/index.html`)),
      says: 'built by npm start, or by npm run build',
    },
    {
      what: 'Chromium',
      well: CHROMIUM.some((file) => existsSync(file)),
      says: 'for the browser tests only, which are skipped without it (Debian: apt-get install chromium fonts-noto-cjk)',
    },
  ];
}

function folder(dataDir: string): Finding {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
    const { bavail, bsize } = statfsSync(dataDir);
    const free = bavail * bsize;
    return {
      what: 'Data folder',
      well: free > FREE_BYTES,
      says: `${dataDir}, ${(free / 1e9).toFixed(1)} GB free; DATA_DIR chooses another one`,
    };
  } catch {
    return { what: 'Data folder', well: false, says: `${dataDir} cannot be written; set DATA_DIR` };
  }
}

function port(setting: string, number: number): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    const tell = (well: boolean) =>
      resolve({
        what: `Port ${number}`,
        well,
        says: well ? 'free' : `taken; set ${setting} to another one`,
      });
    server.once('error', () => tell(false));
    server.listen(number, '127.0.0.1', () => server.close(() => tell(true)));
  });
}

async function database(uri: string | undefined): Promise<Finding> {
  if (!uri)
    return {
      what: 'Database',
      well: true,
      says: 'MONGODB_URI is not set: mongod on PATH, else the embedded engine',
    };
  try {
    const connection = await connect(uri);
    await connection.close();
    return { what: 'Database', well: true, says: 'MONGODB_URI answers' };
  } catch (error) {
    return {
      what: 'Database',
      well: false,
      says: error instanceof Error ? error.message : String(error),
    };
  }
}

const findings = await examine();
for (const { what, well, says } of findings) {
  process.stdout.write(`  ${well ? 'well   ' : 'MISSING'}  ${what.padEnd(14)} ${says}\n`);
}
process.exit(
  findings.every(({ well, what }) => well || what === 'Chromium' || what === 'Pages') ? 0 : 1,
);
