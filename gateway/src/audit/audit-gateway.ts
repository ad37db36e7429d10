import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { closeServer, listen } from '@7pay/graphql';
import { createLog } from '@7pay/telemetry';
import { AUDIT_LIMITS, readAuditConfig } from '../config.ts';
import { openGateway } from '../gateway.ts';
import { pathOf } from '../http/path-of.ts';
import { plainReach } from '../reach/http-reach.ts';
import type { ReadViewer } from '../viewer.ts';
import { subgraphsNamedIn } from './subgraphs-named-in.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the process is to be a gateway for an audit. */
export const asksForAudit = (env: Environment): boolean => env['GATEWAY_AUDIT'] !== undefined;

const anybody: ReadViewer = async (_headers, requestId) => ({
  kind: 'anonymous',
  locale: 'en',
  requestId,
  clientId: null,
  scopes: [],
});

/**
 * Opens a gateway that outside suites can be pointed at: a supergraph file, a port on loopback, and the subgraphs at
 * the URLs that the supergraph names. No tokens, no limits. @throws Error in production
 */
export async function auditGateway(env: Environment): Promise<{ stop(): Promise<void> }> {
  const config = readAuditConfig(env);
  const log = createLog({ service: 'gateway', level: config.LOG_LEVEL });
  const supergraph = readFileSync(config.SUPERGRAPH, 'utf8');
  const gateway = await openGateway({
    supergraph,
    reach: plainReach(subgraphsNamedIn(supergraph)),
    readViewer: anybody,
    allowedOrigins: [],
    production: false,
    limits: AUDIT_LIMITS,
    rates: 'unlimited',
    queriesByGet: true,
    executor: config.GATEWAY_EXECUTOR,
    log,
  });
  const server = createServer((request, response) => {
    if (pathOf(request) !== '/health') return gateway.handler(request, response);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ status: 'up', supergraph: gateway.supergraphId }));
  });
  const port = await listen(server, config.PORT);
  log.warn('audit.listening', { service: 'gateway', port });
  return {
    stop: async () => {
      await closeServer(server);
      await gateway.stop();
    },
  };
}
