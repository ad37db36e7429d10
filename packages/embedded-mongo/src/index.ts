export {
  spawnEmbeddedMongo,
  DataFolderLocked,
  PortTaken,
  type EmbeddedMongo,
} from './cli/spawn.ts';
export { runningEngineUri } from './cli/running-engine.ts';
