import 'reflect-metadata';
import { classOfPrefix } from '@7pay/controls';
import { describe, expect, it } from 'vitest';
import { type CohortInput, readCohort } from './cohort-input.ts';

const networksOf = (...networks: string[]) =>
  readCohort({ everything: false, networks } as CohortInput).networks;

describe('the networks of a cohort', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['203.0.113.9/24', '203.0.113.0/24'],
    ['::ffff:203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2::7', '2001:db8:1::/48'],
    ['2001:db8:1::/48', '2001:db8:1::/48'],
  ])('are named by an address: %s is of %s', (given, prefix) => {
    expect(networksOf(given)).toEqual([classOfPrefix(prefix)]);
  });

  it('are named by a system, or as they are on record', () => {
    const onRecord = classOfPrefix('203.0.113.0/24');
    expect(networksOf('as:64500', onRecord)).toEqual(['as:64500', onRecord]);
  });

  it.each([
    '203.0.0.0/16',
    '203.0.113.9/32',
    '203.0.113.0/25',
    '2001:db8::/32',
    '2001:db8:1::/64',
    '203.0.113.0/24/24',
    '::ffff:203.0.113.9/120',
    '203.0.113.0/',
    '203.0.113',
    'as:',
  ])('are never another one than was named: %s', (given) => {
    expect(() => networksOf(given)).toThrow(/cohort/);
  });
});
