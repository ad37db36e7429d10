import { readFileSync } from 'node:fs';
import { CONSOLE_CLIENT, followControls, followEndedLogins } from '@7pay/controls';
import { goOnAfterRejections, type InternalKey, listen, runMain } from '@7pay/graphql';
import { connect } from '@7pay/mongo';
import { createLog } from '@7pay/telemetry';
import { startStopwatch, systemClock } from '@7pay/time';
import { asksForAudit, auditGateway } from './audit/audit-gateway.ts';
import { readGatewayConfig } from './config.ts';
import { openGateway } from './gateway.ts';
import { webFaces } from './http/pages.ts';
import { supergraphSource } from './supergraph/supergraph-source.ts';
import { publicFront } from './http/public-front.ts';
import { publicServer } from './http/public-server.ts';
import { readManifest } from './operations/registered-operations.ts';
import { httpReach } from './reach/http-reach.ts';
import { cursorKeyFrom } from './subscriptions/cursor-key.ts';
import { SUBSCRIPTION_LIMITS } from './subscriptions/subscription-limits.ts';
import { verifyDpopProof } from './token/dpop-proof.ts';
import { issuerKeys } from './token/issuer-keys.ts';
import { verifyAccessToken } from './token/verify-access-token.ts';
import { type JudgeLogin, readViewer } from './viewer.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1'; // nothing of ours goes to a vendor
await runMain(asksForAudit(process.env) ? () => auditGateway(process.env) : platformGateway);

/** The gateway of the platform. */
async function platformGateway() {
  const config = readGatewayConfig(process.env);
  const production = config.NODE_ENV === 'production';
  const log = createLog({ service: 'gateway', level: config.LOG_LEVEL });
  goOnAfterRejections(log);
  const connection = await connect(config.MONGODB_URI);
  const controls = await followControls(connection, { log });
  const ended = await followEndedLogins(connection, { log });
  const source = await supergraphSource(config, log);
  const stopwatch = startStopwatch();
  const keys = issuerKeys(config.ISSUER, { elapsedMs: () => stopwatch.elapsed(), log });
  const judge: JudgeLogin = (login) => ended.judge(login) ?? controls.judge(login);
  const gateway = await openGateway({
    ...source,
    reach: httpReach({
      urls: config.SUBGRAPH_URLS,
      key: config.INTERNAL_IDENTITY_PRIVATE_KEY as InternalKey,
      clock: systemClock,
    }),
    readViewer: readViewer(
      verifyAccessToken({
        issuer: config.ISSUER,
        audience: config.GRAPH_AUDIENCE,
        clock: systemClock,
        keys: keys.find,
        agreementSecret: config.AGREEMENT_SECRET,
      }),
      verifyDpopProof({ url: config.GRAPH_AUDIENCE, clock: systemClock }),
      judge,
    ),
    judge,
    allowedOrigins: config.ALLOWED_ORIGINS,
    production,
    executor: config.GATEWAY_EXECUTOR,
    ...(config.GATEWAY_RATES === 'off' ? { rates: 'unlimited' as const } : {}),
    operations: readManifest(readFileSync(config.OPERATIONS, 'utf8')),
    proxies: config.TRUSTED_PROXIES,
    subscriptionLimits: {
      ...SUBSCRIPTION_LIMITS,
      heartbeatMs: config.SUBSCRIPTION_HEARTBEAT_SECONDS * 1_000,
    },
    cursorKey: cursorKeyFrom(config.INTERNAL_IDENTITY_PRIVATE_KEY.d),
    log,
  });
  const front = publicServer(
    publicFront({
      graphql: gateway.handler,
      faces: config.PAGES_ROOT === undefined ? [] : webFaces(config.PAGES_ROOT),
      config: {
        issuer: config.ISSUER,
        graphAudience: config.GRAPH_AUDIENCE,
        clients: { wallet: 'seven-eleven-app', console: CONSOLE_CLIENT },
      },
      production,
      isReady: () => !front.draining && keys.wereSeen() && !('refused' in controls.guard()),
      home: '/wallet/',
      supergraphId: () => gateway.supergraphId,
    }),
  );
  void keys.look();
  const port = await listen(front.server, config.PORT);
  log.info('service.listening', { service: 'gateway', port });
  return {
    stop: async () => {
      await Promise.all([gateway.endSubscriptions(), front.drain()]);
      await gateway.stop();
      await Promise.all([controls.stop(), ended.stop()]);
      await connection.close();
    },
  };
}
