export { type WalletDeps, walletSubgraph } from './subgraph.ts';
export { openPartyDoor, type PartyDoor } from './party-door.ts';
export { prepareWallet } from './prepare.ts';
export { TERMS_VERSION } from './wallet/wallet.ts';
export { importResultFile } from './reconciliation/import-result-file.ts';
export { ownTopUps } from './reconciliation/own-top-ups.store.ts';
export { reconciliationStore } from './reconciliation/reconciliation.store.ts';
export { PARTIES, type Party } from './reconciliation/result-file.ts';
