import type { PaymentInitiation } from '@7pay/graphql';
import { type Configuration, interactionPolicy, errors } from 'oidc-provider';
import { type GraphScope, ownMembers } from '../client/client.ts';
import { profileOf } from '../client/security-profile.ts';
import { oneAtATime, readPaymentInitiation } from './payment-initiation.ts';

type Features = NonNullable<Configuration['features']>;

/** How long a pushed request waits for the person, in seconds (the library's own bound). */
export const PUSHED_REQUEST_SECONDS = 60;

/** Scopes that lead to money. */
export const PAY_SCOPES: ReadonlySet<string> = new Set<GraphScope>(['wallet']);

/** How an authorization request reaches us and how the answer goes back: RFC 9126, 9101, 9396, JARM, FAPI 2.0. */
export const requestFeatures = () =>
  ({
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: false },
    requestObjects: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    claimsParameter: { enabled: true },
    fapi: { enabled: true, profile: (_ctx, client) => profileOf(client) },
    richAuthorizationRequests: {
      enabled: true,
      types: {
        payment_initiation: {
          validate: (ctx, detail, client) => {
            // Without the list of its types a client would have all of them.
            if (!client['authorizationDetailsTypes']) {
              throw new errors.InvalidAuthorizationDetails('this client has no payments');
            }
            oneAtATime(ctx.oidc.params?.['authorization_details']);
            readPaymentInitiation(detail);
          },
        },
      },
      // What the member agreed to in this request, and nothing that an earlier one left in the grant.
      authorizationDetailsForGrantSource: (ctx) => {
        const asked: unknown = JSON.parse(
          String(ctx.oidc.params?.['authorization_details'] ?? '[]'),
        );
        return Array.isArray(asked) ? asked.map(readPaymentInitiation) : [];
      },
      authorizationDetailsForAccessToken: (_ctx, _token, source) => agreed(source),
      authorizationDetailsForIntrospection: (_ctx, token) => agreed(token),
    },
  }) satisfies Features;

const agreed = (token: object | undefined): PaymentInitiation[] =>
  (token as { rar?: PaymentInitiation[] } | undefined)?.rar ?? [];

/**
 * Refuses a request about money that did not come through the back channel: in the address bar a page, an extension or
 * a person can change it (RFC 9126 §1). A request of the device flow comes through the back channel by itself.
 */
const pushedRequestCheck = () =>
  new interactionPolicy.Check(
    'request_not_pushed',
    'this request must be pushed',
    'invalid_request',
    ({ oidc }) => {
      const { entities, params, route } = oidc;
      const may = new Set(ownMembers(oidc.client).graph_scopes?.split(' '));
      const money =
        params?.['authorization_details'] !== undefined ||
        [...oidc.requestParamScopes].some((scope) => PAY_SCOPES.has(scope) && may.has(scope));
      const pushed =
        entities.PushedAuthorizationRequest ??
        (entities.Interaction as { parJti?: string } | undefined)?.parJti;
      if (money && pushed === undefined && /^(authorization|resume)$/.test(route)) {
        throw new errors.InvalidRequest('a request with this scope must be pushed (RFC 9126)');
      }
      return interactionPolicy.Check.NO_NEED_TO_PROMPT;
    },
  );

/** Adds that check to the login prompt, which comes before everything else. */
export function withPushedRequests(policy: interactionPolicy.DefaultPolicy) {
  policy.get('login')?.checks.add(pushedRequestCheck());
  return policy;
}
