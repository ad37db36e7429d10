import { describe, expect, it } from 'vitest';
import { acrLevel, meetsAcr } from './acr.ts';

describe('the strength of a login', () => {
  it.each([
    ['urn:7id:acr:1', 1],
    ['urn:7id:acr:3', 3],
    ['urn:7id:acr:9', 0],
    ['2', 0],
    [undefined, 0],
    [3, 0],
  ])('%j counts %i', (acr, level) => {
    expect(acrLevel(acr)).toBe(level);
  });

  it('meets a wish that it reaches, and every wish for nothing', () => {
    expect(meetsAcr('urn:7id:acr:2', 'urn:7id:acr:2')).toBe(true);
    expect(meetsAcr('urn:7id:acr:1', 'urn:7id:acr:2')).toBe(false);
    expect(meetsAcr(undefined, 'urn:7id:acr:2')).toBe(false);
    expect(meetsAcr(undefined, null)).toBe(true);
  });
});
