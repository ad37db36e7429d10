import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { followControls, followEndedLogins } from '@7pay/controls';
import {
  inProcessReach,
  issuerKeys,
  type JudgeLogin,
  openGateway,
  readViewer,
  verifyAccessToken,
  verifyDpopProof,
} from '@7pay/gateway';
import { closeServer, listen } from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** A second gateway of a platform, which follows by itself what was stopped and what has ended. */
export async function anotherGateway({
  platform,
}: PlatformUnderTest): Promise<{ url: string; stop(): Promise<void> }> {
  const { clock, connection, subgraphs, urls } = platform;
  const controls = await followControls(connection, { log: silentLog });
  const ended = await followEndedLogins(connection, { log: silentLog });
  const judge: JudgeLogin = (login) => ended.judge(login) ?? controls.judge(login);
  const issuer = urls.identity;
  const keys = issuerKeys(issuer, { elapsedMs: () => performance.now(), log: silentLog }).find;
  const audience = `${urls.gateway}/graphql`;
  const gateway = await openGateway({
    supergraph: readFileSync('gateway/supergraph.graphql', 'utf8'),
    reach: inProcessReach(subgraphs),
    readViewer: readViewer(
      verifyAccessToken({ issuer, audience, clock, keys }),
      verifyDpopProof({ url: audience, clock }),
      judge,
    ),
    judge,
    allowedOrigins: [],
    production: false,
    log: silentLog,
  });
  const server = createServer(gateway.handler);
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await Promise.all([controls.stop(), ended.stop(), gateway.stop()]);
      await closeServer(server);
    },
  };
}
