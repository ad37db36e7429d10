import { describe, expect, it } from 'vitest';
import { classOfPrefix, networkClasses, prefixOf } from './network-class.ts';

describe('a class of networks', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2::7', '2001:db8:1::/48'],
    ['2001:0DB8:0001:ffff:1:2:3:4', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
  ])('of %s is that of %s', (address, prefix) => {
    expect(prefixOf(address)).toBe(prefix);
    expect(networkClasses()(address)).toBe(classOfPrefix(prefix));
  });

  it('is one for neighbours, another for strangers, and tells no address', () => {
    const classOf = networkClasses();
    expect(classOf('203.0.113.9')).toBe(classOf('203.0.113.250'));
    expect(classOf('::ffff:203.0.113.9')).toBe(classOf('203.0.113.250'));
    expect(classOf('203.0.114.9')).not.toBe(classOf('203.0.113.9'));
    expect(classOf('203.0.113.9')).toMatch(/^net:[\w-]{22}$/);
  });

  it('is the system of a table that knows the prefix', () => {
    const classOf = networkClasses([
      { prefix: '203.0.112.0/23', asn: 64500 },
      { prefix: '2001:db8::/32', asn: 64501 },
    ]);
    expect([classOf('203.0.113.9'), classOf('2001:db8:9::1')]).toEqual(['as:64500', 'as:64501']);
    expect(classOf('198.51.100.1')).toMatch(/^net:/);
  });

  it('is none for what is no address', () => {
    for (const text of ['', 'localhost', '203.0.113', '203.0.113.9, 10.0.0.1']) {
      expect(networkClasses()(text)).toBeUndefined();
    }
  });
});
