import type { FindAccount, KoaContextWithOIDC } from 'oidc-provider';

/** What a proof of the past says about the login it rests on. */
export interface EarlierProof {
  readonly accountId?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  readonly authTime?: number | undefined;
  readonly sessionUid?: string | undefined;
}

/**
 * Whether the login behind an earlier proof still counts. The one question that introspection, token exchange and
 * approvals on the phone ask before they tell or give anything; codes, refresh tokens, device codes and
 * userinfo reach the same function through the library. It ends in `findAccount`, which knows every cut-off.
 */
export type StillHolds = (ctx: KoaContextWithOIDC, proof: EarlierProof) => Promise<boolean>;

export const stillHolds =
  (findAccount: FindAccount): StillHolds =>
  async (ctx, proof) => {
    if (proof.accountId === undefined) return true; // a client for itself
    return (await findAccount(ctx, proof.accountId, proof as never)) !== undefined;
  };
