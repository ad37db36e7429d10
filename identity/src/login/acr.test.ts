import { describe, expect, it } from 'vitest';
import { acrLevel, requiredAcrLevel } from './acr.ts';

const one = 'urn:7id:acr:1';
const two = 'urn:7id:acr:2';
const three = 'urn:7id:acr:3';

describe('the level that a request needs', () => {
  it.each([
    ['nothing', undefined, 0, 0],
    ['nothing from the console', undefined, 2, 2],
    ['one value', { values: [two] }, 0, 2],
    ['the lowest of several', { values: [three, two] }, 0, 2],
    ['never less than the client needs', { values: [one] }, 2, 2],
    ['a single essential value', { value: three }, 0, 3],
    ['known ones among unknown ones', { values: ['urn:mace:silver', three] }, 0, 3],
    ['only unknown ones', { values: ['urn:mace:silver'] }, 0, 'UNKNOWN'],
    ['values of a wrong shape', { values: 'urn:7id:acr:3', value: 3 }, 0, 0],
  ] as const)('for %s', (_, request, minimum, expected) => {
    expect(requiredAcrLevel(request, minimum)).toBe(expected);
  });

  it('counts an unknown value as nothing proven', () => {
    expect(['urn:7id:acr:4', '', undefined, two].map(acrLevel)).toEqual([0, 0, 0, 2]);
  });
});
