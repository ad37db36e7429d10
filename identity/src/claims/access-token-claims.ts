import type { Controls } from '@7pay/controls';
import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import { memberOfAccount } from '../account/member-of-account.ts';
import { ownMembers } from '../client/client.ts';
import type { Gate } from '../gate/gate.ts';

/**
 * What an access token tells besides the protocol's own claims, so that the gateway can judge without asking:
 * `acr`, `amr`, `auth_time`, `sid` (the session), `locale`, `gen` (the generation of the controls at issue), `net` and `cc` (the
 * class of networks and the country that the login came from), `roles` for the console only; for terminals `terminal_id`, `store_id`, `merchant_id`, `gen`.
 */
export const accessTokenClaims =
  (controls: Controls, gate: Gate) =>
  (ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials): Record<string, unknown> => {
    const { entities, client } = ctx.oidc;
    const { terminal_id, store_id, merchant_id, tells_roles } = ownMembers(client);
    const gen = controls.generation;
    if (token.kind === 'ClientCredentials') return { terminal_id, store_id, merchant_id, gen };

    // An access token knows nothing of the login by itself; the code or refresh token behind it does.
    const source =
      entities.AuthorizationCode ??
      entities.DeviceCode ??
      entities.BackchannelAuthenticationRequest ??
      entities.RotatedRefreshToken ??
      entities.RefreshToken;
    const member = memberOfAccount(entities.Account);
    const login = gate.judged(ctx);
    return {
      acr: source?.acr,
      amr: source?.amr,
      auth_time: source?.authTime,
      sid: token.sessionUid,
      locale: member?.locale,
      gen,
      net: login?.network ?? undefined,
      cc: login?.country ?? undefined,
      ...(tells_roles && { roles: member?.roles ?? [] }),
    };
  };
