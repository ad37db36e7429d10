export {
  type Acquirer,
  type AcquirerFault,
  type AcquirerStep,
  createAcquirer,
} from './acquirer/acquirer.ts';
export {
  type AtmEnd,
  type AtmFault,
  type AtmNetwork,
  type AtmTransaction,
  createAtmNetwork,
} from './atm/atm-network.ts';
export {
  createExternalIdProvider,
  type ExternalIdProvider,
  type ExternalIdProviderOptions,
} from './external-id/external-id-provider.ts';
export type { ExternalIdFault } from './external-id/faults.ts';
export { createOAuth2Provider, type OAuth2Fault } from './external-id/oauth2-provider.ts';
export type { ProviderKind } from './external-id/provider-kind.ts';
export {
  type CarrierFault,
  createMessageCarrier,
  type DeliveredMessage,
  type MessageCarrier,
} from './message-carrier/message-carrier.ts';
export {
  type CashReceipt,
  createRegisterNetwork,
  type RegisterFault,
  type RegisterNetwork,
} from './register-network/register-network.ts';
