import 'reflect-metadata';
import { createServer } from 'node:http';
import type { JWK } from 'jose';
import { fillOurs, openBare, openOurs } from './identity-sides.ts';

/** What the bench hands over, in the environment variable BENCH. */
interface Setting {
  readonly kind: 'ours' | 'bare';
  /** Of the provider. The port after it tells how many commands went to the database so far. */
  readonly port: number;
  readonly mongodbUri: string;
  /** The public key of a terminal. */
  readonly terminal: JWK;
}

const { kind, port, mongodbUri, terminal } = JSON.parse(process.env['BENCH'] ?? '{}') as Setting;
const url = `http://localhost:${port}`;
let commands = 0;
let handler;
if (kind === 'ours') {
  const ours = await openOurs(url, mongodbUri, () => (commands += 1));
  await fillOurs(ours, terminal);
  handler = ours.identity.handler;
} else {
  handler = await openBare(url, terminal);
}
createServer(handler).listen(port, '127.0.0.1');
createServer((_request, response) => response.end(String(commands))).listen(port + 1, '127.0.0.1');
