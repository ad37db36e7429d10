import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { spawnEmbeddedMongo } from '../cli/spawn.ts';
import { compareServers } from './compare.ts';

// `npm run test:compat`: the engine beside the MongoDB at MONGODB_URI, which gets a database
// `embedded_mongo_compat` that is dropped afterwards.
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const uri = process.env['MONGODB_URI'];
if (!uri) {
  say(
    'MONGODB_URI names no MongoDB to compare with. It needs a real server, 8.0 for a fair comparison.',
  );
  process.exit(2);
}
const dataDir = mkdtempSync(join(tmpdir(), 'embedded-mongo-compat-'));
const engine = await spawnEmbeddedMongo({ dataDir });
try {
  const [embedded, real] = await Promise.all([
    MongoClient.connect(engine.uri),
    MongoClient.connect(uri, { serverSelectionTimeoutMS: 5000 }),
  ]);
  const { version } = await real.db('admin').command({ buildInfo: 1 });
  const { calls, differences } = await compareServers(embedded, real);
  for (const { scenario, command, one, other } of differences)
    say(`${scenario}: ${command}\n  here    ${one}\n  MongoDB ${other}`);
  say(`${calls} calls beside MongoDB ${version}: ${differences.length} differences`);
  await Promise.all([embedded.close(), real.close()]);
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  await engine.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
