import type { Middleware } from 'koa';
import { readFields } from '../interaction/form.ts';

/**
 * Takes an authorization request that was posted (OIDC Core §3.1.2.1) and has the browser ask by GET. The library
 * would read it where it is, but then our session cookie had to come along with what other sites post.
 */
export const postedRequests = (): Middleware => async (ctx, next) => {
  const form = ctx.get('content-type').startsWith('application/x-www-form-urlencoded');
  if (ctx.method !== 'POST' || ctx.path !== '/auth' || !form) return next();
  const fields = await readFields(ctx.req);
  if (!fields) {
    ctx.status = 413;
    return;
  }
  ctx.status = 303;
  ctx.redirect(`/auth?${fields}`);
};
