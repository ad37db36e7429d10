import type { IncomingMessage } from 'node:http';

/** The path of a request as it was sent, without its query. Never throws, whatever was sent. */
export const pathOf = ({ url = '/' }: IncomingMessage): string => /^[^?#]*/.exec(url)?.[0] ?? '/';
