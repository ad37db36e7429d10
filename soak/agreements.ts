/** The partner app of the payments that members agreed to. */
export const PARTNER = 'partner-soak';

/** So many agreements, which every worker knows: a payment of one is sent again and again, by several at once. */
export const AGREEMENTS = 2_000;
