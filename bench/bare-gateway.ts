import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { AUDIT_LIMITS, httpReach, openGateway } from '@7pay/gateway';
import type { Viewer } from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import { systemClock } from '@7pay/time';
import type { JWK } from 'jose';

/** What the bench hands over, in the environment variable BENCH. */
interface Setting {
  readonly port: number;
  readonly urls: Readonly<Record<string, string>>;
  readonly key: JWK;
  readonly viewer: Viewer;
}

// Ours without its protections: no token is verified, nothing is limited, no bucket is kept, any document may be sent. What
// is left is what the plain gateway does as well: to read, plan, call, put together and answer.
const { port, urls, key, viewer } = JSON.parse(process.env['BENCH'] ?? '{}') as Setting;
const gateway = await openGateway({
  supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
  reach: httpReach({ urls, key, clock: systemClock }),
  readViewer: async () => viewer,
  allowedOrigins: [],
  production: false,
  limits: AUDIT_LIMITS,
  rates: 'unlimited',
  log: silentLog,
});
createServer(gateway.handler).listen(port, '127.0.0.1');
