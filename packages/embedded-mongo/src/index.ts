export { spawnEmbeddedMongo, DataFolderLocked, PortTaken } from './cli/spawn.ts';
