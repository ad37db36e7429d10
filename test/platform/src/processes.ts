import 'reflect-metadata';
import path from 'node:path';
import { endOnSignals } from '@7pay/graphql';
import { chooseDatabase, connect } from '@7pay/mongo';
import { createLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import { readPlatformConfig } from './config.ts';
import { endWithDatabase } from './end-with-database.ts';
import { prepareDatabase } from './prepare.ts';
import { startSandbox } from './sandbox.ts';
import { keepSecrets } from './secrets.ts';
import { partyDoorUrl, serviceEnvironments } from './service-environments.ts';
import { startProcesses } from './start-processes.ts';

/** `npm run start:processes`: each service a process of its own, on the data that `npm start` made. */
async function main(): Promise<void> {
  const config = readPlatformConfig(process.env);
  const root = process.cwd();
  const dataDir = path.resolve(root, config.DATA_DIR);
  const log = createLog({ service: 'starter', level: config.LOG_LEVEL });
  const database = await chooseDatabase({
    uri: config.MONGODB_URI,
    dataDir,
    path: config.PATH,
    onSaid: (line) => log.warn('database.said', { reason: line }),
  });
  const secrets = keepSecrets(dataDir); // a database in the folder is ours alone now, and so is the folder
  const connection = await connect(database.uri);
  await prepareDatabase(connection);
  await connection.close();
  const issuer = `http://localhost:${config.IDENTITY_PORT}`;
  const sandbox = await startSandbox({
    port: config.SANDBOX_PORT,
    issuer,
    secrets,
    clock: systemClock,
    partyDoor: partyDoorUrl({ subgraphs: config.SUBGRAPH_PORT }),
  });
  const processes = await startProcesses(
    serviceEnvironments({
      mongodbUri: database.uri,
      secrets,
      ports: {
        gateway: config.PORT,
        identity: config.IDENTITY_PORT,
        sandbox: config.SANDBOX_PORT,
        subgraphs: config.SUBGRAPH_PORT,
      },
      root,
      logLevel: config.LOG_LEVEL,
      executor: config.GATEWAY_EXECUTOR,
    }),
    path.join(root, 'out'),
  );
  const lines = [...processes.pids].map(([name, pid]) => `  ${name.padEnd(12)} process ${pid}`);
  process.stdout.write(
    `\n  7pay in ${lines.length} processes   database: ${database.description}\n\n${lines.join('\n')}\n\n  http://localhost:${config.PORT}/wallet/\n\n`,
  );
  const stopServices = () => processes.stop().then(() => sandbox.stop());
  endOnSignals(() => stopServices().then(() => database.stop()));
  endWithDatabase(database, { log, stop: stopServices });
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
