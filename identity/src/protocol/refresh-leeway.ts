import { createHmac } from 'node:crypto';
import type { Clock } from '@7pay/time';
import { type Adapter, errors, Provider } from 'oidc-provider';

/** A lost answer may be asked for again for this long, in seconds, by the holder of the same key. */
export const REFRESH_LEEWAY_SECONDS = 10;

interface RefreshTokens {
  readonly prototype: Rotated & { consume(): Promise<void>; generateTokenId(): string };
  readonly adapter: Adapter;
  find(value: string, options?: { ignoreExpiration?: boolean }): Promise<Rotated | undefined>;
}

interface Rotated {
  readonly jti: string;
  readonly jkt?: string | undefined;
  consumed?: unknown;
}

/**
 * A phone that lost the answer to a refresh asks again with the old token. Strict rotation would end its login, and a
 * leeway that hands out a second successor would let a thief in. So: for a token that is bound to a key (DPoP), and for
 * a few seconds, the same old token gives the SAME successor, made from it by a secret. Afterwards, and for
 * tokens that are bound to nothing, an old token that comes back ends the chain.
 * The classes belong to this one provider.
 */
export function repeatRefreshes(
  provider: Provider,
  { secret, clock }: { secret: string; clock: Clock },
) {
  // The types leave out what the library's base class has (models/base_model.js).
  const RefreshToken = provider.RefreshToken as unknown as RefreshTokens;
  const { prototype } = RefreshToken;

  const isRecent = (consumed: unknown): boolean =>
    typeof consumed === 'number' &&
    Math.floor(clock.now().getTime() / 1_000) - consumed <= REFRESH_LEEWAY_SECONDS;

  const find = RefreshToken.find.bind(RefreshToken);
  RefreshToken.find = async (value, options) => {
    const token = await find(value, options);
    // Elsewhere (introspection, revocation) a used token is a used token.
    if (token?.jkt !== undefined && isRefresh() && isRecent(token.consumed)) delete token.consumed;
    return token;
  };

  const consume = prototype.consume;
  prototype.consume = async function consumeOrRepeat(this: typeof prototype) {
    try {
      await consume.call(this);
    } catch (error) {
      if (!(error instanceof errors.InvalidGrant) || this.jkt === undefined) throw error;
      const kept = await RefreshToken.adapter.find(this.jti);
      if (!kept || !isRecent(kept.consumed)) throw error;
    }
  };

  const generateTokenId = prototype.generateTokenId;
  prototype.generateTokenId = function nextId(this: typeof prototype) {
    const before = Provider.ctx?.oidc.entities.RotatedRefreshToken as unknown as
      | Rotated
      | undefined;
    if (before?.jkt === undefined) return generateTokenId.call(this);
    return createHmac('sha256', secret).update(`refresh|${before.jti}`).digest('base64url');
  };
}

function isRefresh(): boolean {
  const { oidc } = Provider.ctx ?? {};
  return oidc?.route === 'token' && oidc.params?.['grant_type'] === 'refresh_token';
}
