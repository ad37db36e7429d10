import { cohortSchema, fixedControls } from '@7pay/controls';
import type { MemberViewer } from '@7pay/graphql';
import { describe, expect, it } from 'vitest';
import { codeLoginOf, stillHasWallet } from './code-login.ts';

const viewer: MemberViewer = {
  kind: 'member',
  memberId: 'mem_1',
  acr: 'urn:7id:acr:3',
  authTime: 1_562_000_000,
  roles: [],
  locale: 'ja',
  requestId: 'request-1',
  clientId: 'seven-eleven-app',
  scopes: ['wallet'],
  generation: 1,
  amr: ['fed:kumo'],
  network: 'as:64500',
  country: 'US',
};

describe('the login of a code', () => {
  it('is what the token told of it, and nothing about whom it is of', () => {
    expect(codeLoginOf(viewer)).toEqual({
      amr: ['fed:kumo'],
      atSeconds: 1_562_000_000,
      generation: 1,
      clientId: 'seven-eleven-app',
      network: 'as:64500',
      country: 'US',
    });
    const { generation: _, amr: _amr, network: _network, country: _country, ...untold } = viewer;
    expect(Object.keys(codeLoginOf({ ...untold, clientId: null }))).toEqual(['atSeconds']);
  });

  it.each<[string, object, boolean]>([
    ['of its method', { methods: ['EXTERNAL'] }, false],
    ['of its provider', { providers: ['kumo'] }, false],
    ['of its app', { clients: ['seven-eleven-app'] }, false],
    ['of its network', { networks: ['as:64500'] }, false],
    ['of its country', { countries: ['US'] }, false],
    ['of everybody', {}, false],
    ['of another provider', { providers: ['nami'] }, true],
    ['of later logins', { from: new Date('2019-07-02T00:00:00Z') }, true],
  ])('has the wallet after a cut %s or not', (_, cohort, has) => {
    const controls = fixedControls();
    const login = codeLoginOf(viewer);
    expect(stillHasWallet(login, controls)).toBe(true);
    controls.cut({ cohort: cohortSchema.parse(cohort) });
    expect(stillHasWallet(login, controls)).toBe(has);
  });

  it.each<[string, boolean]>([
    ['wallet', false],
    ['points', true],
  ])('without the scope %s has the wallet or not', (scope, has) => {
    const controls = fixedControls();
    controls.cut({ scopes: [scope] });
    expect(stillHasWallet(codeLoginOf(viewer), controls)).toBe(has);
  });

  it('has lost the wallet for good when its provider was closed, also after a reopening', () => {
    const controls = fixedControls();
    controls.close('login.external.kumo');
    expect(stillHasWallet(codeLoginOf(viewer), controls)).toBe(false);
    controls.open('login.external.kumo');
    expect(stillHasWallet(codeLoginOf(viewer), controls)).toBe(false);
  });

  it('is unknown of codes of an older version: no cut ends them', () => {
    const controls = fixedControls();
    controls.cut({});
    expect(stillHasWallet(null, controls)).toBe(true);
  });
});
