export { openPlatform, type Platform, type PlatformOptions } from './platform.ts';
export { freshSecrets, keepSecrets, type Secrets } from './secrets.ts';
export { prepareDatabase } from './prepare.ts';
export { DEMO, seed } from './seed.ts';
export { seedTesters, TESTERS } from './seed-testers.ts';
export { composeSupergraph, subgraphSchemas } from './supergraph.ts';
export { startSandbox } from './sandbox.ts';
export { partyDoorUrl, type ProcessPorts, serviceEnvironments } from './service-environments.ts';
export { type Processes, startProcesses } from './start-processes.ts';
