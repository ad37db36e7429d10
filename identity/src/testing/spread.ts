import * as oidc from 'openid-client';

/**
 * Sends the requests of a client in turn to each of several providers that speak for one issuer, as a load
 * balancer does.
 */
export function spread(configuration: oidc.Configuration, issuer: string, urls: readonly string[]) {
  let turn = 0;
  configuration[oidc.customFetch] = (url, options) => {
    const target = urls[turn++ % urls.length] ?? issuer;
    return fetch(url.replace(issuer, target), options as RequestInit);
  };
}

/** This many at once. */
export const atOnce = <Result>(count: number, work: (index: number) => Promise<Result>) =>
  Promise.allSettled(Array.from({ length: count }, (_, index) => work(index)));

/** What succeeded, and the protocol's codes of what did not. */
export function sorted<Result>(outcomes: PromiseSettledResult<Result>[]) {
  const codeOf = (error: unknown) =>
    error instanceof oidc.ResponseBodyError ? error.error : String(error);
  return {
    wins: outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    refusals: [
      ...new Set(
        outcomes.flatMap((one) => (one.status === 'rejected' ? [codeOf(one.reason)] : [])),
      ),
    ],
  };
}
