import type { Viewer } from '@7pay/graphql';

const origins = new WeakMap<Viewer, Viewer>();

/** The viewer of one request, made of what is the same for all requests with one token. */
export function viewerOfRequest(origin: Viewer, requestId: string): Viewer {
  const viewer = { ...origin, requestId };
  origins.set(viewer, origin);
  return viewer;
}

/**
 * What a viewer was made of for its request, itself where it was not: two with one origin differ in nothing but the request.
 * A copy with anything changed has no origin but itself.
 */
export const originOf = (viewer: Viewer): Viewer => origins.get(viewer) ?? viewer;
