import 'reflect-metadata';

export {
  acrAtLeast,
  type AgreedPayment,
  agreementOf,
  type AgreementViewer,
  type AnonymousViewer,
  type MemberViewer,
  type TerminalViewer,
  type Viewer,
  holdsDuty,
  isOperator,
  memberOf,
  terminalOf,
} from './viewer.ts';
export { openAgreedMember, sealAgreedMember } from './agreed-member.ts';
export { openSealedLogin, sealLogin, type SealedLogin } from './sealed-login.ts';
export {
  PAYMENT_YEN_MAX,
  type PaymentInitiation,
  paymentInitiation,
} from './payment-initiation.ts';
export { Allow, entity, type EntityReference, stub } from './access/allow.ts';
export { DUTIES, dutiesIn, type Duty, OPERATOR, rolesOf } from './access/duty.ts';
export { FRESH_LOGIN } from './access/freshness.ts';
export { type FieldAccess } from './access/access-table.ts';
export {
  agreement,
  allows,
  anybody,
  anyCaller,
  type Belonging,
  freshOperator,
  type Grant,
  member,
  only,
  operator,
  owner,
  type Rule,
  shownTo,
  terminal,
} from './access/rule.ts';
export {
  badUserInput,
  forbidden,
  isExposed,
  loginTooOld,
  notFound,
  PUBLIC_CODES,
  unauthenticated,
} from './errors.ts';
export { DateScalar, DateTimeScalar, PointsScalar, YenScalar } from './scalars.ts';
export {
  connectionOf,
  type Connection,
  decodeCursor,
  type Page,
  PageArgs,
  pageOf,
} from './connection.ts';
export {
  type Answer,
  ControlsStale,
  FunctionClosed,
  type RefusalClass,
  refusalClass,
  resultUnion,
  SecondPersonRequired,
  StepUpRequired,
  SwitchReference,
  toAnswer,
} from './refusal-types.ts';
export { CohortInput, LoginMethodEnum, readCohort } from './cohort-input.ts';
export {
  defineSubgraph,
  type Subgraph,
  type SubgraphDefinition,
  type Worker,
} from './define-subgraph.ts';
export { type SubgraphRequest } from './execute.ts';
export {
  type Live,
  type LiveSource,
  liveState,
  type Opening,
  openingOf,
} from './subscriptions/live.ts';
export { HEARTBEAT_MS, type Subscribe, type SubscriptionItem } from './subscriptions/subscribe.ts';
export {
  EVENT_STREAM,
  eventReader,
  eventText,
  heartbeatText,
  type ReceivedEvent,
} from './subscriptions/event-stream.ts';
export { endOnSignals, endProcess } from './end-process.ts';
export { runMain } from './run-main.ts';
export { goOnAfterRejections } from './go-on.ts';
export { type InternalKey, mintInternalToken, verifyInternalToken } from './internal-identity.ts';
export { serveSubgraph } from './serve-subgraph.ts';
export {
  closeServer,
  listen,
  runService,
  type RunningService,
  type ServiceDeps,
  startSubgraph,
} from './run-service.ts';
export {
  jsonSetting,
  readServiceSettings,
  readSettings,
  type ServiceSettings,
} from './service-settings.ts';
export { checkCallersId } from './callers-id.ts';
export { freeText, oneLine } from './free-text.ts';
export { ENTITIES } from './entities.ts';
export { rememberFor, rememberOne } from './remember.ts';
export { loaderFor, loaderForMany } from './loader.ts';
