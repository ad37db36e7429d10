export { createLog, type Log, type LogFacts, silentLog } from './log.ts';
export { redact, withoutSecrets } from './redact.ts';
export { isRequestId, newRequestId } from './request-id.ts';
