export { type TestDatabase, testDatabase } from './test-database.ts';
export { type TokenMint, tokenMint } from './token-mint.ts';
export { eventually } from './eventually.ts';
