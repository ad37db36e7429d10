import type { Viewer } from '@7pay/graphql';

/** Nobody in particular, by a client or by none. */
export const anonymousViewer = (clientId: string | null = null): Viewer => ({
  kind: 'anonymous',
  locale: 'en',
  requestId: 'request-1',
  clientId,
  scopes: [],
});

/** A member who came by a client. */
export const memberViewer = (memberId: string, clientId: string): Viewer => ({
  kind: 'member',
  memberId,
  clientId,
  locale: 'en',
  requestId: 'request-1',
  acr: 'urn:7id:acr:2',
  authTime: 0,
  roles: [],
  scopes: [],
});
