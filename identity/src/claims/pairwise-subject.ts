import { createHmac } from 'node:crypto';

/**
 * The `sub` that one partner sees for a member (OIDC Core §8.1): the same at every login, unlike that of any
 * other partner, and telling nothing of the member's id.
 */
export function pairwiseSubject(secret: string, sector: string, memberId: string): string {
  return createHmac('sha256', secret).update(`${sector}\n${memberId}`).digest('base64url');
}
