import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeIssuer } from '../testing/fake-issuer.ts';
import { memoryKeys } from '../testing/memory-keys.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { openSession, type Session } from './session.ts';

const issuer = 'http://localhost:4001';
const callback = 'http://localhost:4000/wallet/callback';

function aSession(restore: 'from-tab' | 'from-7iD' = 'from-tab') {
  const server = fakeIssuer(issuer);
  vi.stubGlobal('fetch', server.answer);
  const store = memoryStore();
  const keys = memoryKeys();
  const left: URL[] = [];
  const silent: URL[] = [];
  let now = Date.now();
  const make = () =>
    openSession(
      {
        issuer,
        clientId: 'seven-eleven-app',
        scope: 'openid offline_access wallet',
        resource: 'http://localhost:4000/graphql',
        redirectUri: callback,
        afterLogout: 'http://localhost:4000/wallet/',
        home: '/wallet/',
        restore,
      },
      {
        store,
        clock: { now: () => new Date(now) },
        locale: () => 'ja',
        keys,
        leave: (address) => void left.push(new URL(address)),
        askSilently: async (address) => {
          silent.push(address);
          const back = new URL(callback);
          back.searchParams.set('error', 'login_required');
          back.searchParams.set('state', address.searchParams.get('state') ?? '');
          return back;
        },
      },
    );
  const session = make();
  const comeBack = (parameters: Record<string, string> = { code: 'c1' }) => {
    const back = new URL(callback);
    const address = left.at(-1);
    server.settings.nonce = address?.searchParams.get('nonce') ?? '';
    back.searchParams.set('state', address?.searchParams.get('state') ?? '');
    for (const [name, value] of Object.entries(parameters)) back.searchParams.set(name, value);
    return session.finish(back);
  };
  const later = (seconds: number) => void (now += seconds * 1000);
  const tokenSent = async (by: Session) => {
    const send = await by.sender();
    const before = server.asked('/graphql').length;
    await send('/graphql', { method: 'POST', headers: {}, body: '{}' }).catch(() => undefined);
    const [sent] = server.asked('/graphql').slice(before);
    return sent?.headers.get('authorization')?.split(' ')[1] ?? null;
  };
  return { server, store, left, silent, session, comeBack, later, tokenSent, reopen: make };
}

beforeEach(() => void vi.unstubAllGlobals());
afterEach(() => void vi.unstubAllGlobals());

describe('a login', () => {
  it('leaves with PKCE, state, nonce, the resource and the language', async () => {
    const { session, left } = aSession();
    await session.signIn({ returnTo: '/wallet/pay' });
    const sent = Object.fromEntries(left[0]?.searchParams ?? []);
    expect(sent).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      resource: 'http://localhost:4000/graphql',
      redirect_uri: callback,
      ui_locales: 'ja',
    });
    expect(sent).not.toHaveProperty('prompt'); // a member of the group is not asked for consent
    expect(sent['code_challenge']).toMatch(/^[\w-]{43}$/);
    expect(sent['state']?.length).toBeGreaterThan(20);
  });

  it('comes back to where the person was, with a token and the right verifier', async () => {
    const { session, comeBack, server, tokenSent } = aSession();
    await session.signIn({ returnTo: '/wallet/pay' });
    expect(await comeBack()).toEqual({ returnTo: '/wallet/pay' });
    expect(session.status.value).toBe('signed-in');
    expect(await tokenSent(session)).toBe('access-1');
    expect(server.asked('/token')[0]?.body.get('code_verifier')).toMatch(/^[\w-]{43}$/);
  });

  it('keeps the access token out of the store', async () => {
    const { session, comeBack, store } = aSession();
    await session.signIn({ returnTo: '/wallet/' });
    await comeBack();
    expect(store.getItem('7pay.session')).toContain('refresh-1');
    expect(store.getItem('7pay.session')).not.toContain('access-1');
  });

  it('is not finished twice with one answer', async () => {
    const { session, comeBack } = aSession();
    await session.signIn({ returnTo: '/wallet/' });
    await comeBack();
    expect(await comeBack()).toEqual({ fault: 'LOGIN_NOT_OURS' });
  });

  it('is not finished with a state of somebody else', async () => {
    const { session, comeBack, server } = aSession();
    await session.signIn({ returnTo: '/wallet/' });
    expect(await comeBack({ code: 'c', state: 'theirs' })).toEqual({ fault: 'LOGIN_NOT_OURS' });
    expect(server.asked('/token')).toHaveLength(0);
  });

  it('is not finished with a token of another nonce', async () => {
    const { session, left, server, tokenSent } = aSession();
    await session.signIn({ returnTo: '/wallet/' });
    server.settings.nonce = 'another';
    const back = new URL(callback);
    back.searchParams.set('state', left[0]?.searchParams.get('state') ?? '');
    back.searchParams.set('code', 'c1');
    expect(await session.finish(back)).toEqual({ fault: 'LOGIN_FAILED' });
    expect(await tokenSent(session)).toBeNull();
  });

  it('that was cancelled says so', async () => {
    const { session, comeBack } = aSession();
    await session.signIn({ returnTo: '/wallet/' });
    expect(await comeBack({ error: 'access_denied' })).toEqual({ fault: 'LOGIN_CANCELLED' });
  });

  it('says that 7iD cannot be reached', async () => {
    const { session, server, left } = aSession();
    server.settings.down = true;
    expect(await session.signIn({ returnTo: '/wallet/' })).toBe('ISSUER_UNREACHABLE');
    expect(left).toHaveLength(0);
    server.settings.down = false;
    expect(await session.signIn({ returnTo: '/wallet/' })).toBeNull();
  });
});

describe('whose session it is', () => {
  it('is known after the login, after a reload before 7iD answers, and no longer after the logout', async () => {
    const { session, comeBack, server, reopen } = aSession();
    expect(session.subject()).toBeNull();
    await session.signIn({ returnTo: '/wallet/' });
    await comeBack();
    expect(session.subject()).toBe('mem_1');
    server.settings.down = true;
    const again = reopen();
    await again.restore();
    expect([again.status.value, again.subject()]).toEqual(['unreachable', 'mem_1']);
    await session.signOut();
    expect(session.subject()).toBeNull();
  });
});

describe('a step-up', () => {
  const acr = 'urn:7id:acr:2';

  it('asks for the stronger proof', async () => {
    const { session, left } = aSession();
    await session.signIn({ returnTo: '/wallet/', acr });
    expect(left[0]?.searchParams.get('acr_values')).toBe(acr);
  });

  it('is not taken for done when the proof given is weaker', async () => {
    const { session, comeBack } = aSession();
    await session.signIn({ returnTo: '/wallet/', acr });
    expect(await comeBack()).toEqual({ fault: 'LOGIN_TOO_WEAK' });
  });

  it('is done with a proof that is as strong or stronger', async () => {
    const { session, comeBack, server } = aSession();
    server.settings.acr = 'urn:7id:acr:3';
    await session.signIn({ returnTo: '/wallet/', acr });
    expect(await comeBack()).toEqual({ returnTo: '/wallet/' });
  });
});

describe('the token of a session', () => {
  const signedIn = async () => {
    const made = aSession();
    await made.session.signIn({ returnTo: '/wallet/' });
    await made.comeBack();
    return made;
  };

  it('is renewed once for many that ask at a time', async () => {
    const { session, later, server, tokenSent } = await signedIn();
    later(290);
    const tokens = await Promise.all([tokenSent(session), tokenSent(session), tokenSent(session)]);
    expect(tokens).toEqual(['access-2', 'access-2', 'access-2']);
    expect(server.asked('/token')).toHaveLength(2);
  });

  it('comes back after a reload from the refresh token of the tab', async () => {
    const { reopen, server } = await signedIn();
    const again = reopen();
    await again.restore();
    expect(again.status.value).toBe('signed-in');
    expect(server.asked('/token').at(-1)?.body.get('refresh_token')).toBe('refresh-1');
  });

  it('ends when 7iD refuses the refresh token', async () => {
    const { session, later, server, store, tokenSent } = await signedIn();
    server.settings.refuse = 'invalid_grant';
    later(290);
    expect(await tokenSent(session)).toBeNull();
    expect(session.status.value).toBe('signed-out');
    expect(store.getItem('7pay.session')).toBeNull();
  });

  it('waits for a network that is down, and goes on after it', async () => {
    const { session, later, server, tokenSent } = await signedIn();
    server.settings.down = true;
    later(290);
    expect(await tokenSent(session)).toBeNull();
    expect(session.status.value).toBe('unreachable');
    server.settings.down = false;
    expect(await tokenSent(session)).toBe('access-2');
    expect(session.status.value).toBe('signed-in');
  });

  it('is renewed after the graph did not take it, but not in a storm', async () => {
    const { session, later, tokenSent } = await signedIn();
    session.distrust();
    expect(await tokenSent(session)).toBe('access-1');
    later(11);
    session.distrust();
    expect(await tokenSent(session)).toBe('access-2');
  });

  it('is revoked at logout, which ends the session at 7iD too', async () => {
    const { session, left, server, tokenSent } = await signedIn();
    await session.signOut();
    expect(server.asked('/revoke')[0]?.body.get('token')).toBe('refresh-1');
    expect(left.at(-1)?.pathname).toBe('/end');
    expect(left.at(-1)?.searchParams.get('post_logout_redirect_uri')).toBe(
      'http://localhost:4000/wallet/',
    );
    expect(await tokenSent(session)).toBeNull();
  });
});

describe('a fresh tab', () => {
  it('waits for a tap where the face wants one', async () => {
    const { session, silent } = aSession('from-tab');
    await session.restore();
    expect([session.status.value, silent.length]).toEqual(['signed-out', 0]);
  });

  it('asks 7iD unseen where the face wants that, and takes no for an answer', async () => {
    const { session, silent } = aSession('from-7iD');
    await session.restore();
    expect(silent[0]?.searchParams.get('prompt')).toBe('none');
    expect(session.status.value).toBe('signed-out');
  });
});

describe('what leaves with a token', () => {
  it('is bound to a key of this browser: code, token and each request have a proof of it', async () => {
    const { session, comeBack, server, tokenSent } = aSession();
    await session.signIn({ returnTo: '/wallet/' });
    await comeBack();
    await tokenSent(session);
    await tokenSent(session);
    const proofs = [...server.asked('/token'), ...server.asked('/graphql')].map(({ headers }) =>
      decoded(headers.get('dpop') ?? ''),
    );
    expect(proofs.map(({ payload }) => [payload['htm'], payload['htu']])).toEqual([
      ['POST', `${issuer}/token`],
      ['POST', 'http://localhost:4000/graphql'],
      ['POST', 'http://localhost:4000/graphql'],
    ]);
    expect(new Set(proofs.map(({ header }) => JSON.stringify(header['jwk']))).size).toBe(1);
    expect(new Set(proofs.map(({ payload }) => payload['jti'])).size).toBe(3);
    const ath = createHash('sha256').update('access-1').digest('base64url');
    expect(proofs.map(({ payload }) => payload['ath'])).toEqual([undefined, ath, ath]);
  });

  it('has the same key after a reload, and none for somebody who is not signed in', async () => {
    const { session, comeBack, server, tokenSent, reopen } = aSession();
    await tokenSent(session);
    expect(server.asked('/graphql')[0]?.headers.has('dpop')).toBe(false);
    await session.signIn({ returnTo: '/wallet/' });
    await comeBack();
    const again = reopen();
    await again.restore();
    await tokenSent(again);
    const keysSent = [...server.asked('/token'), ...server.asked('/graphql').slice(1)].map(
      ({ headers }) => JSON.stringify(decoded(headers.get('dpop') ?? '').header['jwk']),
    );
    expect([keysSent.length, new Set(keysSent).size]).toEqual([3, 1]);
  });

  it('is dated by the clock of the platform, however wrong that of the phone is', async () => {
    const { session, comeBack, server, tokenSent } = aSession();
    const platformAt = Math.floor(Date.now() / 1_000) + 7_200;
    server.settings.issuedAt = platformAt;
    await session.signIn({ returnTo: '/wallet/' });
    await comeBack();
    await tokenSent(session);
    const { payload } = decoded(server.asked('/graphql')[0]?.headers.get('dpop') ?? '');
    expect(Math.abs(Number(payload['iat']) - platformAt)).toBeLessThan(60);
  });

  it('gives a refusal of the graph to whoever asked, as any answer', async () => {
    const { session, comeBack, server } = aSession();
    await session.signIn({ returnTo: '/wallet/' });
    await comeBack();
    server.settings.graphRefuses = true;
    const send = await session.sender();
    const response = await send('/graphql', { method: 'POST', headers: {}, body: '{}' });
    expect([response.status, await response.json()]).toEqual([401, { errors: [] }]);
  });
});

const decoded = (jwt: string) => {
  const [header = '', payload = ''] = jwt.split('.');
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return { header: read(header), payload: read(payload) };
};
