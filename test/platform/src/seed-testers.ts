import assert from 'node:assert/strict';
import type { MemberViewer } from '@7pay/graphql';
import { isRefused } from '@7pay/refusals';
import type { Platform } from './platform.ts';
import { DEMO } from './seed.ts';

/** Test people in states that an app has to cope with; the console names them to partners. */
export const TESTERS = {
  /** A password alone, no second factor. */
  plain: { mail: 'test-plain@example.com', displayName: '試験 一郎' },
  /** The wallet is frozen; logging in works. */
  frozen: { mail: 'test-frozen@example.com', displayName: '試験 二郎' },
} as const;

const OPEN = 'mutation { openWallet(input: { termsVersion: "2019-07-01" }) { __typename } }';
const FREEZE = 'mutation { freezeMyWallet { __typename } }';

/** Brings the test people into being, by the use cases that everybody has. Running it again changes nothing. */
export async function seedTesters(platform: Platform): Promise<void> {
  const register = async (person: { mail: string; displayName: string }): Promise<string> => {
    await platform.controls.refresh(); // a machine that is busy starting may be late with its own look
    const made = await platform.identity.registerMember({ ...person, password: DEMO.password });
    assert(!isRefused(made), 'a test person can register');
    return made.memberId;
  };
  await register(TESTERS.plain);
  const memberId = await register(TESTERS.frozen);
  const wallet = platform.subgraphs.find(({ name }) => name === 'wallet');
  assert(wallet);
  const viewer: MemberViewer = {
    kind: 'member',
    locale: 'ja',
    requestId: 'seed',
    clientId: null,
    memberId,
    scopes: ['wallet'],
    roles: [],
    acr: 'urn:7id:acr:2',
    authTime: Math.floor(platform.clock.now().getTime() / 1_000),
  };
  for (const query of [OPEN, FREEZE]) {
    const { errors } = await wallet.execute({ query, variables: {} }, viewer);
    assert(!errors, `the seed was refused: ${errors?.[0]?.message}`);
  }
}
