import { AssertionError } from 'node:assert/strict';
import { unitOfWork as openUnitOfWork } from '@7pay/mongo';
import type { Log } from '@7pay/telemetry';
import type { Clock } from '@7pay/time';
import type { Middleware } from 'koa';
import type { Connection } from 'mongoose';
import { localeOf } from '../interaction/locale.ts';
import { sentenceFor, showError } from '../interaction/provider-pages.tsx';
import type { IdentitySettings } from '../settings.ts';
import { USED_UP } from '../storage/artifact.store.ts';
import { gatherWrites, sendGathered } from '../storage/gathered-writes.ts';

const WRITES_AT_ITS_END =
  /^(?:GET \/auth(?:\/[\w-]{1,64})?|POST \/interaction\/[\w-]{10,64}\/login)$/;

/** Sends what an authorization request, or a password, writes together, when it is done and before it is answered. */
export function authorizationWrites(deps: {
  connection: Connection;
  settings: IdentitySettings;
  clock: Clock;
  log: Log;
}): Middleware {
  const { connection, log } = deps;
  const unitOfWork = openUnitOfWork(connection, { deferring: true });
  return async (ctx, next) => {
    if (!WRITES_AT_ITS_END.test(`${ctx.method} ${ctx.path}`)) return next();
    const gathered = await gatherWrites(next);
    try {
      await sendGathered(gathered, { connection, unitOfWork });
    } catch (error) {
      // No code, no cookie and no way back of a request that was not written.
      for (const name of ['Location', 'Set-Cookie']) ctx.remove(name);
      const isUsedUp = error instanceof AssertionError && error.message.startsWith(USED_UP);
      if (!isUsedUp) log.error('identity.failed', { cause: error });
      ctx.status = isUsedUp ? 400 : 500;
      const code = isUsedUp ? 'session_expired' : 'server_error';
      const locale = localeOf(ctx);
      showError(ctx, deps, { locale, code, sentence: sentenceFor(code, locale), again: null });
    }
  };
}
