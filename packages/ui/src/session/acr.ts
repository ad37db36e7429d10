/** How strongly a person has proved who they are: 1 password, 2 second factor, 3 passkey with verification. */
export function acrLevel(acr: unknown): number {
  const level = typeof acr === 'string' ? /^urn:7id:acr:([1-3])$/.exec(acr)?.[1] : undefined;
  return level === undefined ? 0 : Number(level);
}

/** Whether the proof given is at least the proof asked for. A provider may ignore a wish: we look. */
export function meetsAcr(given: unknown, asked: string | null): boolean {
  return asked === null || acrLevel(given) >= acrLevel(asked);
}

/** The strength that moving money needs. */
export const strongAcr = 'urn:7id:acr:2';
