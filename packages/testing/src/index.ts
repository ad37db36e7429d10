export { type TestDatabase, testDatabase } from './test-database.ts';
export { type TokenMint, tokenMint } from './token-mint.ts';
export { eventually } from './eventually.ts';
export { type ArrivedEvent, type EventBody, type EventClient, openEvents } from './event-client.ts';
