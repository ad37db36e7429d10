export {
  derivedId,
  type IdKind,
  type IdSource,
  isId,
  pointsAccountIdOf,
  randomIds,
  seededIds,
} from './ids.ts';
export { digest } from './digest.ts';
