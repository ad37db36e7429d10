export { type WalletDeps, walletSubgraph } from './subgraph.ts';
export { openPartyDoor, type PartyDoor } from './party-door.ts';
export { prepareWallet } from './prepare.ts';
export { TERMS_VERSION } from './wallet/wallet.ts';
