import { afterAll, beforeAll, describe, it } from 'vitest';
import { aKey } from '../testing/forged.ts';
import { fapiPartner } from '../testing/partner.ts';
import { APPS, runIdentity, type RunningIdentity } from '../testing/running-identity.ts';
import { fapiCases } from './fapi-cases.ts';
import type { FapiSuite } from './fapi-suite.ts';
import { PERSON } from './suite.ts';

let running: RunningIdentity;
let suite: FapiSuite;

beforeAll(async () => {
  const client = async (clientId: string) => ({
    clientId,
    redirectUri: `${APPS}${clientId}/callback`,
    key: await aKey(),
    dpopKey: await aKey(),
  });
  const first = await client('fapi-first');
  const second = await client('fapi-second');
  const plain = { graphScopes: [] };
  running = await runIdentity({
    clients: [
      fapiPartner(first.clientId, first.key, plain),
      fapiPartner(second.clientId, second.key, plain),
    ],
  });
  await running.identity.registerMember(PERSON);
  suite = { running, first, second };
});
afterAll(() => running.stop());

describe('fapi2-security-profile-final-test-plan', () => {
  it.each(Object.entries(fapiCases))('%s', async (_module, play) => {
    await play(suite);
  });
});
