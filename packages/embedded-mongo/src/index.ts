export {
  spawnEmbeddedMongo,
  DataFolderLocked,
  PortTaken,
  type EmbeddedMongo,
} from './cli/spawn.ts';
export { runningEngine, runningEngineUri } from './cli/running-engine.ts';
