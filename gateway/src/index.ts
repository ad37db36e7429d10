export { type Gateway, type GatewayDeps, openGateway } from './gateway.ts';
export { AUDIT_LIMITS, type ExecutorName, GATEWAY_LIMITS, type GatewayLimits } from './config.ts';
export {
  documentsIn,
  type OperationsManifest,
  readManifest,
} from './operations/registered-operations.ts';
export { RATE_LIMITS, type RateLimits } from './rate/rate-limits.ts';
export { type JudgeLogin, readViewer } from './viewer.ts';
export { verifyDpopProof } from './token/dpop-proof.ts';
export { type IssuerKeys, issuerKeys } from './token/issuer-keys.ts';
export { verifyAccessToken } from './token/verify-access-token.ts';
export { inProcessReach } from './reach/in-process-reach.ts';
export { httpReach } from './reach/http-reach.ts';
export { type Reach } from './reach/reach.ts';
export { publicFront } from './http/public-front.ts';
export { publicServer } from './http/public-server.ts';
export { type WebFace, webFaces } from './http/pages.ts';
export {
  SUBSCRIPTION_LIMITS,
  type SubscriptionLimits,
} from './subscriptions/subscription-limits.ts';
export { cursorKeyFrom } from './subscriptions/cursor-key.ts';
export { apiSchemaOf } from './executor/api-schema.ts';
export { type RegisteredDocument } from './supergraph/registered-document.ts';
export { digestOf, type Publication, UntrustedSupergraph } from './supergraph/signed-supergraph.ts';
export {
  PublishConflict,
  supergraphStore,
  type SupergraphStore,
} from './supergraph/supergraph-store.ts';
export { activateSupergraph, rollBackSupergraph } from './supergraph/activate-supergraph.ts';
