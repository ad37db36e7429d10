import type { LoginFacts } from '@7pay/controls';
import type { Turn } from './turn.ts';

/** The methods of a login by these, before it is proven. */
export const PASSWORD = ['pwd'] as const;
export const PASSKEY = ['pop', 'user'] as const;

/** The facts of a login that would be made now, by which it can be refused before it is. */
export function aboutToLogIn(turn: Turn, amr: readonly string[]): LoginFacts {
  const { client, clock, ctx, generation } = turn;
  const { network, country } = turn.originOf(ctx);
  return {
    amr,
    atSeconds: Math.floor(clock.now().getTime() / 1_000),
    generation,
    madeIn: generation,
    clientId: client.client_id,
    forClientId: client.client_id,
    network: network ?? undefined,
    country: country ?? undefined,
  };
}
