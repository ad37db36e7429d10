/**
 * Entities live in several subgraphs; their descriptions are written once, so that the supergraph has one text
 * for each (composition makes a hint of two, and hints are errors).
 */
export const ENTITIES = {
  Member: {
    type: 'A member of 7iD. Only the member and operators are shown one; to others it does not exist.',
    key: 'The OIDC subject. It never changes.',
  },
  Merchant: { type: 'A business that sells with 7pay.', key: 'Opaque id, `mer_…`.' },
  Payment: { type: 'A purchase paid from a wallet.', key: 'Opaque id, `pay_…`.' },
  Store: { type: 'A shop that takes 7pay.', key: 'Opaque id, `sto_…`.' },
  Switch: {
    type: 'A function that operators can stop. Its state is public; who moved it is for operators.',
    key: 'The key, such as `payment` or `payment.store.<id>`.',
  },
  Wallet: { type: 'A member’s prepaid balance. Amounts are yen.', key: 'Opaque id, `wal_…`.' },
} as const;
