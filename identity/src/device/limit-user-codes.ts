import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Context } from 'koa';
import { type DeviceCode, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Origin } from '../gate/login-record.ts';
import type { UserCodeBudget } from './user-code-budget.ts';

/** Nobody looked whether the code is right. */
export class UserCodesUsedUp extends Error {
  readonly statusCode = 429;
  readonly expose = true;
  constructor() {
    super('rate_limited');
  }
}

/**
 * Limits how many wrong codes are typed on the page of the device flow (RFC 8628 §5.1). Asked where the library looks a code up,
 * so whatever address or form leads there. A code that can be used costs nothing.
 */
export function limitUserCodes(
  provider: Provider,
  deps: { budget: UserCodeBudget; originOf: (ctx: Context) => Origin; clock: Clock; log: Log },
): void {
  const { budget, originOf, clock, log } = deps;
  const codes = provider.DeviceCode; // the class belongs to this one provider
  const find = codes.findByUserCode.bind(codes);
  codes.findByUserCode = async (code, options) => {
    const ctx = Provider.ctx;
    if (!ctx || ctx.oidc.route !== 'code_verification') return find(code, options);
    const memberId = ctx.oidc.session?.accountId ?? null;
    const { network } = originOf(asKoa(ctx));
    const taken = await budget.take({ network, memberId }, clock.now());
    if (!taken) {
      log.warn('device.codes_used_up', { ...(memberId !== null && { memberId }) });
      throw new UserCodesUsedUp();
    }
    const found = await find(code, options);
    if (found && isUsable(found)) await taken.giveBack();
    return found;
  };
}

/** What the library takes as right: the rest is answered as a wrong code. */
const isUsable = ({ isExpired, error, accountId, inFlight }: DeviceCode): boolean =>
  !isExpired && !error && !accountId && !inFlight;

const asKoa = (ctx: KoaContextWithOIDC): Context => ctx as unknown as Context;
