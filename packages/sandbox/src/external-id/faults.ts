/** A way in which the provider's ID tokens can be wrong, for tests of those who rely on them. */
export type ExternalIdFault =
  | 'wrong-nonce'
  | 'no-nonce'
  | 'wrong-audience'
  | 'wrong-key'
  | 'unknown-key'
  | 'key-in-header'
  | 'public-key-as-secret'
  | 'secret-as-key'
  | 'expired'
  | 'from-the-future'
  | 'old'
  | 'wrong-issuer'
  | 'other-spelling'
  | 'unsigned'
  | 'other-party'
  | 'more-audiences'
  | 'no-subject'
  | 'wrong-access-token-hash'
  | 'no-access-token-hash'
  | 'answers-as-another';

type Claims = Readonly<Record<string, unknown>>;

/** What a fault makes of the claims. The key and the algorithm are the signer's business, the answer the provider's. */
export function falsify(claims: Claims, fault: ExternalIdFault, nowSeconds: number): Claims {
  const { nonce, at_hash: hash, ...rest } = claims;
  switch (fault) {
    case 'wrong-nonce':
      return { ...claims, nonce: 'not-the-nonce-that-was-sent' };
    case 'no-nonce':
      return { ...rest, at_hash: hash };
    case 'wrong-audience':
      return { ...claims, aud: 'another-client' };
    case 'expired':
      return { ...claims, exp: nowSeconds - 60 };
    case 'from-the-future':
      return { ...claims, iat: nowSeconds + 600, exp: nowSeconds + 1_200 };
    case 'old':
      return { ...claims, iat: nowSeconds - 7_200 };
    case 'wrong-issuer':
      return { ...claims, iss: 'https://another.example' };
    case 'other-spelling':
      return { ...claims, iss: String(claims['iss']).replace(/^https?:\/\//, '') };
    case 'other-party':
      return { ...claims, azp: 'another-client' };
    case 'more-audiences':
      return { ...claims, aud: [claims['aud'], 'another-client'] };
    case 'no-subject':
      return { ...claims, sub: '' };
    case 'wrong-access-token-hash':
      return { ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' };
    case 'no-access-token-hash':
      return { ...rest, nonce };
    case 'wrong-key':
    case 'unknown-key':
    case 'key-in-header':
    case 'public-key-as-secret':
    case 'secret-as-key':
    case 'unsigned':
    case 'answers-as-another':
      return claims;
  }
}
