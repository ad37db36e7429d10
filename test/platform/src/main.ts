import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readManifest } from '@7pay/gateway';
import { endOnSignals, goOnAfterRejections } from '@7pay/graphql';
import { chooseDatabase } from '@7pay/mongo';
import { createLog } from '@7pay/telemetry';
import { startStopwatch } from '@7pay/time';
import { banner } from './banner.ts';
import { beginAnew } from './begin-anew.ts';
import { readPlatformConfig, silenceVendorTelemetry } from './config.ts';
import { endWithDatabase } from './end-with-database.ts';
import { openPlatform } from './platform.ts';
import { keepSecrets } from './secrets.ts';
import { seed } from './seed.ts';
import { seedTesters } from './seed-testers.ts';

const stopwatch = startStopwatch();

async function main(): Promise<void> {
  silenceVendorTelemetry(process.env);
  const config = readPlatformConfig(process.env);
  const log = createLog({ service: 'platform', level: config.LOG_LEVEL });
  goOnAfterRejections(log);
  const root = process.cwd();
  const dataDir = path.resolve(root, config.DATA_DIR);
  if (process.argv.includes('--fresh')) beginAnew({ dataDir, uri: config.MONGODB_URI });

  const database = await chooseDatabase({
    uri: config.MONGODB_URI,
    dataDir,
    path: config.PATH,
    onSaid: (line) => log.warn('database.said', { reason: line }),
  });
  try {
    const platform = await openPlatform({
      mongodbUri: database.uri,
      secrets: keepSecrets(dataDir),
      ports: { gateway: config.PORT, identity: config.IDENTITY_PORT, sandbox: config.SANDBOX_PORT },
      supergraph: readFileSync(path.join(root, 'gateway/supergraph.graphql'), 'utf8'),
      operations: readManifest(readFileSync(path.join(root, 'gateway/operations.json'), 'utf8')),
      root,
      production: config.NODE_ENV === 'production',
      executor: config.GATEWAY_EXECUTOR,
      log,
    });
    const seeded = await seed(platform);
    await seedTesters(platform);
    process.stdout.write(banner(platform, seeded, database, stopwatch.elapsed() / 1_000));
    endOnSignals(() => platform.stop().then(() => database.stop()));
    endWithDatabase(database, { log, stop: () => platform.stop() });
  } catch (error) {
    await database.stop();
    throw error;
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
