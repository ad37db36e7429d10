import type { Context } from 'koa';
import { readFields } from '../interaction/form.ts';
import type { ExternalProvider } from './external-id.ts';
import type { ExternalProviders } from './external-providers.ts';

/** The place in `state` of an answer that belongs to no login, but to the page of linked IDs. */
export const LINKING = 'linking';

const CALLBACK = /^\/external\/([a-z0-9]{1,30})\/callback$/;
const UID = /^[A-Za-z0-9_-]{10,64}$/;
const ANSWER_MEMBERS = ['code', 'state', 'iss', 'error'] as const;
const MEMBER_LENGTH_MAX = 4_096;

/** The provider whose callback this request is for: by the way that its profile answers, and no other. */
export function comesFrom(
  { method, path }: Context,
  providers: ExternalProviders,
): ExternalProvider | undefined {
  const [, key = ''] = CALLBACK.exec(path) ?? [];
  const provider = key === '' ? undefined : providers.find(key);
  const posts = provider?.profile.responseMode === 'form_post';
  return method === (posts ? 'POST' : 'GET') ? provider : undefined;
}

/**
 * A provider comes back to one address, by a link or by a form of its own page. Where the answer belongs is in `state`, and there
 * the cookie of the browser is looked at: nothing is redeemed here. What a form says besides (a name, a mail address) went
 * through the browser and is dropped.
 */
export async function comeBack(
  ctx: Context,
  { key, profile }: ExternalProvider,
  refuse: () => void,
): Promise<void> {
  const told =
    profile.responseMode === 'form_post' ? await formOf(ctx) : new URLSearchParams(ctx.querystring);
  const answer = new URLSearchParams();
  for (const name of ANSWER_MEMBERS) {
    const values = told?.getAll(name) ?? [];
    const [value = ''] = values;
    if (values.length === 1 && value.length <= MEMBER_LENGTH_MAX) answer.set(name, value);
  }
  const [place = ''] = (answer.get('state') ?? '').split('.');
  ctx.set('Cache-Control', 'no-store');
  if (place !== LINKING && !UID.test(place)) {
    ctx.status = 400;
    return refuse();
  }
  const to = place === LINKING ? '/linked' : `/interaction/${place}/external`;
  ctx.status = 303; // a cookie of ours does not come with somebody else's form, but with the way on from it
  ctx.redirect(`${to}/${key}/callback?${answer}`);
}

async function formOf(ctx: Context): Promise<URLSearchParams | undefined> {
  const isForm = (ctx.get('content-type') || '').startsWith('application/x-www-form-urlencoded');
  return isForm ? readFields(ctx.req) : undefined;
}
