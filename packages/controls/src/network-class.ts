import { createHash } from 'node:crypto';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Which system on the internet (ASN) a prefix belongs to, if whoever runs the platform has a table. */
export interface KnownNetwork {
  /** `203.0.113.0/24` or `2001:db8::/32`. */
  readonly prefix: string;
  readonly asn: number;
}

/**
 * The class of networks that an address belongs to: `as:<number>` by the table, else `net:` and the digest of its /24
 * (IPv4) or /48 (IPv6). Many people share one, on purpose. The digest keeps addresses out of tokens and of
 * what is stored; who has a prefix can compute its class, so it hides nobody from us.
 * @returns undefined for what is no address
 */
export function networkClasses(
  known: readonly KnownNetwork[] = [],
): (address: string) => string | undefined {
  const systems = new Map<number, BlockList>();
  for (const { prefix, asn } of known) {
    const [address = '', bits = ''] = prefix.split('/');
    const list = systems.get(asn) ?? new BlockList();
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
    systems.set(asn, list);
  }
  return (given) => {
    const address = plainAddress(given);
    if (isIP(address) === 0) return undefined;
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    for (const [asn, list] of systems) if (list.check(address, family)) return `as:${asn}`;
    return classOfPrefix(prefixOf(address));
  };
}

/** An address without the prefix that IPv4 has on a socket of IPv6. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** The /24 or /48 that an address lies in, in one spelling. */
export function prefixOf(address: string): string {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: gap }, () => '0'), ...right];
  const first = groups.slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16));
  return `${first.join(':')}::/48`;
}

/** The class of a prefix as {@link prefixOf} spells it. */
export const classOfPrefix = (prefix: string): string =>
  `net:${createHash('sha256').update(`7id network ${prefix}`).digest('base64url').slice(0, 22)}`;
