import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser } from '../testing/browser.ts';
import {
  anApp,
  type App,
  logIn,
  PASSWORD,
  runIdentity,
  type RunningIdentity,
} from '../testing/running-identity.ts';

let running: RunningIdentity;
let app: App;
const person = { mail: 'hana@example.jp' };

beforeAll(async () => {
  running = await runIdentity();
  app = await anApp(running.issuer, 'seven-eleven-app');
  await running.identity.registerMember({ ...person, displayName: 'はな', password: PASSWORD });
});
afterAll(() => running.stop());

const eight = <Result>(work: () => Promise<Result>) =>
  Promise.allSettled(Array.from({ length: 8 }, work));
const wins = <Result>(outcomes: PromiseSettledResult<Result>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
const refusals = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [errorCode(outcome.reason)] : []));
const errorCode = (error: unknown) =>
  error instanceof oidc.ResponseBodyError ? error.error : String(error);
const refresh = (token: string) => oidc.refreshTokenGrant(app.configuration, token);

describe('what may be used once', () => {
  it('redeems one code eight times at once for exactly one set of tokens', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { redeem } = await logIn(app, person);
      const outcomes = await eight(redeem);
      expect(wins(outcomes)).toHaveLength(1);
      expect(new Set(refusals(outcomes))).toEqual(new Set(['invalid_grant']));
    }
  });

  it('redeems one refresh token eight times at once for exactly one successor', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { redeem } = await logIn(app, person);
      const first = await redeem();
      const outcomes = await eight(() => refresh(first.refresh_token ?? ''));
      expect(wins(outcomes)).toHaveLength(1);
      expect(new Set(refusals(outcomes))).toEqual(new Set(['invalid_grant']));
    }
  });

  it('resumes one login eight times at once for exactly one code', async () => {
    const resumes: Response[] = [];
    const browser = aBrowser({
      fetch: async (url, init) => {
        if (!/\/auth\/[\w-]+$/.test(String(url))) return fetch(url, init);
        resumes.push(...(await Promise.all(Array.from({ length: 8 }, () => fetch(url, init)))));
        return resumes.find(({ status }) => status === 303) ?? fetch(url, init);
      },
    });
    const { redeem } = await logIn(app, person, {}, browser);
    const statuses = resumes.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([303, ...Array.from({ length: 7 }, () => 400)]);
    expect((await redeem()).access_token).toEqual(expect.any(String));
  });

  it('refuses a code used twice and revokes what it gave', async () => {
    const { redeem } = await logIn(app, person);
    const tokens = await redeem();
    await expect(redeem()).rejects.toSatisfy((error) => errorCode(error) === 'invalid_grant');
    await expect(refresh(tokens.refresh_token ?? '')).rejects.toSatisfy(
      (error) => errorCode(error) === 'invalid_grant',
    );
  });

  it('gives a new refresh token with every use, and ends the chain when an old one comes back', async () => {
    const { redeem } = await logIn(app, person);
    const first = await redeem();
    const second = await refresh(first.refresh_token ?? '');
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const third = await refresh(second.refresh_token ?? '');
    await expect(refresh(first.refresh_token ?? '')).rejects.toSatisfy(
      (error) => errorCode(error) === 'invalid_grant',
    );
    await expect(refresh(third.refresh_token ?? '')).rejects.toSatisfy(
      (error) => errorCode(error) === 'invalid_grant',
    );
  });

  it('is kept so that a reader of the database can use none of it', async () => {
    const { redeem, back } = await logIn(app, person);
    const code = new URL(back.url).searchParams.get('code') ?? '';
    const { refresh_token: token = '' } = await redeem();
    const names = ['identity_refreshToken', 'identity_authorizationCode', 'identity_accessToken'];
    for (const name of names) {
      const rows = JSON.stringify(await running.connection.collection(name).find().toArray());
      expect(rows).not.toContain(token);
      expect(rows).not.toContain(code);
    }
  });
});
