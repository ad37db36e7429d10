export { soakGateway } from '../gateway/src/executor/testing/soak.ts';
