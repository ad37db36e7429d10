export {
  spawnEmbeddedMongo,
  DataFolderLocked,
  PortTaken,
  type EmbeddedMongo,
} from './cli/spawn.ts';
