import { describe, expect, it } from 'vitest';
import { ConfigUnreadable, readRuntimeConfig } from './runtime-config.ts';

const good = {
  issuer: 'http://localhost:4001',
  graphAudience: 'http://localhost:4000/graphql',
  clients: { wallet: 'seven-eleven-app', console: 'operator-console' },
};

describe('the settings of a page', () => {
  it('are read with their three parts', () => {
    expect(readRuntimeConfig({ ...good, more: 1 })).toEqual(good);
  });

  it.each([
    ['nothing', null, 'config.json'],
    ['no issuer', { ...good, issuer: undefined }, 'issuer'],
    ['an issuer that is no address', { ...good, issuer: 'here' }, 'issuer'],
    ['no clients', { ...good, clients: [] }, 'clients.wallet'],
    ['an empty client', { ...good, clients: { wallet: '', console: 'x' } }, 'clients.wallet'],
  ])('are refused with %s, by name', (_, value, field) => {
    expect(() => readRuntimeConfig(value)).toThrow(ConfigUnreadable);
    expect(() => readRuntimeConfig(value)).toThrow(field);
  });
});
