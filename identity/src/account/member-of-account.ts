import type { Account } from 'oidc-provider';
import type { Member } from './member.ts';

/** The member behind an account that `findAccount` made. */
export const memberOfAccount = (account: Account | undefined): Member | undefined =>
  account?.['member'] as Member | undefined;
