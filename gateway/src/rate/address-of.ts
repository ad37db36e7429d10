import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { plainAddress } from '@7pay/controls';

/**
 * Where a request comes from: the address of the connection or, behind so many proxies of ours, what the outermost of them
 * has seen (`X-Forwarded-For`, from the right). What stands further left the client wrote itself. Of IPv6 only the network
 * counts (/64): one household has as many addresses as it likes.
 */
export function addressOf(request: IncomingMessage, proxies: number): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  const seen = proxies > 0 ? forwarded.at(-proxies)?.trim() : undefined;
  const address = seen !== undefined && isIP(seen) !== 0 ? seen : request.socket.remoteAddress;
  return address === undefined ? 'unknown' : networkOf(address);
}

function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.toLowerCase().split('%')[0]!.split('::');
  const left = head.split(':').filter((part) => part !== '');
  const right = (tail ?? '').split(':').filter((part) => part !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':');
}
