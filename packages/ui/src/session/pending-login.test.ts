import { describe, expect, it } from 'vitest';
import {
  keepPending,
  loginMinutesMax,
  type PendingLogin,
  safeReturn,
  takePending,
} from './pending-login.ts';
import { memoryStore } from '../testing/memory-store.ts';

const at = new Date('2026-01-01T00:00:00Z');
const aLogin = (state: string): PendingLogin => ({
  state,
  nonce: 'n',
  verifier: 'v',
  returnTo: '/wallet/',
  acr: null,
  startedAt: at.getTime(),
});
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);

describe('a login under way', () => {
  it('is taken once, by its state', () => {
    const store = memoryStore();
    keepPending(store, aLogin('a'));
    expect(takePending(store, 'a', at)?.state).toBe('a');
    expect(takePending(store, 'a', at)).toBeNull();
    expect(store.size()).toBe(0);
  });

  it.each([null, '', 'b'])('is not taken by the state %j', (state) => {
    const store = memoryStore();
    keepPending(store, aLogin('a'));
    expect(takePending(store, state, at)).toBeNull();
  });

  it('is not taken when it was left lying', () => {
    const store = memoryStore();
    keepPending(store, aLogin('a'));
    expect(takePending(store, 'a', later(loginMinutesMax + 1))).toBeNull();
  });

  it('makes room: the oldest of four goes', () => {
    const store = memoryStore();
    for (const state of ['a', 'b', 'c', 'd']) keepPending(store, aLogin(state));
    expect(takePending(store, 'a', at)).toBeNull();
    expect(takePending(store, 'b', at)?.state).toBe('b');
  });

  it('survives a broken note', () => {
    const store = memoryStore();
    store.setItem('7pay.logins', '{');
    expect(takePending(store, 'a', at)).toBeNull();
    keepPending(store, aLogin('a'));
    expect(takePending(store, 'a', at)?.state).toBe('a');
  });
});

describe('the way back after a login', () => {
  it.each([
    ['/wallet/pay?x=1', '/wallet/pay?x=1'],
    ['/wallet/', '/wallet/'],
    ['https://evil.example/wallet/', '/wallet/'],
    ['//evil.example/wallet/', '/wallet/'],
    ['/wallet/../console/', '/wallet/'],
    ['/wallet/\\evil', '/wallet/'],
    ['/wallet/\npay', '/wallet/'],
    ['/walletevil/', '/wallet/'],
    ['javascript:alert(1)', '/wallet/'],
    [`/wallet/${'a'.repeat(600)}`, '/wallet/'],
  ])('%j leads to %s', (path, target) => {
    expect(safeReturn(path, '/wallet/')).toBe(target);
  });
});
