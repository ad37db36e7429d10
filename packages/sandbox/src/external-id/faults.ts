/** A way in which the provider's ID tokens can be wrong, for tests of those who rely on them. */
export type ExternalIdFault =
  | 'wrong-nonce'
  | 'wrong-audience'
  | 'wrong-key'
  | 'expired'
  | 'wrong-issuer'
  | 'unsigned'
  | 'other-party';

type Claims = Readonly<Record<string, unknown>>;

/** What a fault makes of the claims. The key and the algorithm are the signer's business. */
export function falsify(claims: Claims, fault: ExternalIdFault, nowSeconds: number): Claims {
  switch (fault) {
    case 'wrong-nonce':
      return { ...claims, nonce: 'not-the-nonce-that-was-sent' };
    case 'wrong-audience':
      return { ...claims, aud: 'another-client' };
    case 'expired':
      return { ...claims, iat: nowSeconds - 7_200, exp: nowSeconds - 3_600 };
    case 'wrong-issuer':
      return { ...claims, iss: 'https://another.example' };
    case 'other-party':
      return { ...claims, aud: [claims['aud'], 'another-client'], azp: 'another-client' };
    case 'wrong-key':
    case 'unsigned':
      return claims;
  }
}
