export { derivedId, type IdKind, type IdSource, isId, randomIds, seededIds } from './ids.ts';
export { digest } from './digest.ts';
