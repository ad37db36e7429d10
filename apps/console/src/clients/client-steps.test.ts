import { describe, expect, it } from 'vitest';
import type { Client } from '../identity-operations.ts';
import { type ClientStep, stepsFor } from './client-steps.ts';

const aClient = (more: Partial<Client>): Client => ({
  id: 'app-1',
  name: 'App',
  origin: 'CONSOLE',
  state: 'ACTIVE',
  fapi: false,
  hasSecret: true,
  redirectUris: [],
  workingRedirectUris: [],
  registeredBy: 'mem_partner',
  registeredAt: null,
  proposal: null,
  ...more,
});
const now = new Date('2019-07-03T01:00:00Z');
const reopening = (by: string, minutesAgo = 30) => ({
  kind: 'REOPEN' as const,
  redirectUris: [],
  by,
  at: new Date(now.getTime() - minutesAgo * 60_000).toISOString(),
});

describe('what an operator may do with a client', () => {
  it.each<[string, Partial<Client>, ClientStep[]]>([
    ['that is live', {}, ['redirects', 'suspend']],
    ['of the settings', { origin: 'SETTINGS' }, ['suspend']],
    ['that is the console itself', { id: 'operator-console', origin: 'SETTINGS' }, []],
    ['that is tested', { state: 'TEST' }, ['approve', 'redirects', 'suspend']],
    ['that they registered', { state: 'TEST', registeredBy: 'me' }, ['redirects', 'suspend']],
    ['that is suspended', { state: 'SUSPENDED' }, ['reopen']],
    ['that another asked for', { state: 'SUSPENDED', proposal: reopening('her') }, ['reopen']],
    ['that they asked for', { state: 'SUSPENDED', proposal: reopening('me') }, []],
    [
      'that they asked for too long ago',
      { state: 'SUSPENDED', proposal: reopening('me', 31) },
      ['reopen'],
    ],
  ])('%s', (_, more, steps) => {
    expect(stepsFor(aClient(more), 'me', now)).toEqual(steps);
  });
});
