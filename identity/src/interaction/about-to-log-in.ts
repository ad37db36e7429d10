import type { Controls, LoginFacts } from '@7pay/controls';
import type { Clock } from '@7pay/time';
import type { Context } from 'koa';
import type { Origin } from '../gate/login-record.ts';
import { PAGES_CLIENT_ID } from './own-page.tsx';
import type { Turn } from './turn.ts';

/** The methods of a login by these, before it is proven. */
export const PASSWORD = ['pwd'] as const;
export const PASSKEY = ['pop', 'user'] as const;

interface Here {
  readonly clock: Clock;
  readonly originOf: (ctx: Context) => Origin;
}

/** The facts of a login that would be made now, by which it can be refused before it is. */
export function aboutToLogIn(turn: Turn, amr: readonly string[]): LoginFacts {
  const { client_id: clientId } = turn.client;
  return { ...madeNow(turn, turn, amr), clientId, forClientId: clientId };
}

/** The same on a page of 7iD itself, which asks for no app. */
export const aboutToLogInHere = (
  deps: Here & { readonly controls: Pick<Controls, 'generation'> },
  ctx: Context,
  amr: readonly string[],
): LoginFacts => ({
  ...madeNow(deps, { ctx, generation: deps.controls.generation }, amr),
  clientId: PAGES_CLIENT_ID,
});

function madeNow(
  { clock, originOf }: Here,
  { ctx, generation }: { readonly ctx: Context; readonly generation: number },
  amr: readonly string[],
) {
  const { network, country } = originOf(ctx);
  return {
    amr,
    atSeconds: Math.floor(clock.now().getTime() / 1_000),
    generation,
    madeIn: generation,
    network: network ?? undefined,
    country: country ?? undefined,
  };
}
