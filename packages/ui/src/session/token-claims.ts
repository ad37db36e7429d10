/** What a JWT says, of a token that was received from its issuer just now: it is not verified here. `null`: it says nothing. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | null {
  try {
    const part = token.split('.')[1] ?? '';
    const claims: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof claims === 'object' ? (claims as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
