import { createServer, type RequestListener } from 'node:http';
import { CONSOLE_CLIENT, type Controls, followControls, followEndedLogins } from '@7pay/controls';
import { openOutbox } from '@7pay/events';
import {
  cursorKeyFrom,
  type ExecutorName,
  type JudgeLogin,
  inProcessReach,
  issuerKeys,
  openGateway,
  type OperationsManifest,
  publicFront,
  publicServer,
  type RateLimits,
  type Reach,
  readViewer,
  type SubscriptionLimits,
  verifyAccessToken,
  verifyDpopProof,
  webFaces,
} from '@7pay/gateway';
import { closeServer, listen, type ServiceDeps, startSubgraph, type Subgraph } from '@7pay/graphql';
import { type Identity, openIdentity } from '@7pay/identity';
import { type IdSource, randomIds } from '@7pay/ids';
import { sealKeyOf } from '@7pay/ledger';
import { merchantSubgraph } from '@7pay/merchant';
import { connect } from '@7pay/mongo';
import { operationsSubgraph } from '@7pay/operations';
import { pointsSubgraph } from '@7pay/points';
import { refundSubgraph } from '@7pay/refund';
import type { Acquirer, AtmNetwork, MessageCarrier, RegisterNetwork } from '@7pay/sandbox';
import type { Log } from '@7pay/telemetry';
import { type Clock, startStopwatch, systemClock } from '@7pay/time';
import { openPartyDoor, walletSubgraph } from '@7pay/wallet';
import type { Connection } from 'mongoose';
import { identitySettingsOf } from './identity-settings.ts';
import { prepareDatabase } from './prepare.ts';
import { startSandbox } from './sandbox.ts';
import type { Secrets } from './secrets.ts';

export interface PlatformOptions {
  readonly mongodbUri: string;
  readonly dbName?: string;
  readonly secrets: Secrets;
  /** 0 takes a free one. */
  readonly ports: { readonly gateway: number; readonly identity: number; readonly sandbox: number };
  /** The composed graph. */
  readonly supergraph: string;
  /** Folder with `apps/<name>/dist`. */
  readonly root: string;
  readonly production?: boolean;
  /** Who executes query plans; our own executor unless told. */
  readonly executor?: ExecutorName;
  /** What public clients may send in production, where it may not be absent. */
  readonly operations?: OperationsManifest;
  /** What callers of the graph may spend; those of production unless told. */
  readonly rates?: RateLimits | 'unlimited';
  /** How many subscriptions there may be, and for how long. */
  readonly subscriptionLimits?: SubscriptionLimits;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly log: Log;
  /**
   * How old the snapshot of the switches may be; a second unless told. Tests that share two cores with a hundred
   * others give more, so that a starved process does not refuse what they are about; the lease has tests of its own.
   */
  readonly controlsLeaseMs?: number;
  /** How the gateway reaches the subgraphs, where a bench looks on; by function call if absent. */
  readonly reachWith?: (subgraphs: readonly Subgraph[]) => Reach;
  /** Told of each database command, by collection or name, with its milliseconds. For benches. */
  readonly onDatabaseCommand?: (name: string, milliseconds: number) => void;
}

/** Everything in one process. */
export interface Platform {
  readonly urls: { readonly gateway: string; readonly identity: string; readonly sandbox: string };
  readonly subgraphs: readonly Subgraph[];
  readonly identity: Identity;
  readonly controls: Controls;
  readonly registerNetwork: RegisterNetwork;
  readonly messageCarrier: MessageCarrier;
  readonly atmNetwork: AtmNetwork;
  readonly acquirer: Acquirer;
  readonly connection: Connection;
  readonly clock: Clock;
  stop(): Promise<void>;
}

/** Opens the whole platform on a database: the same services as in processes of their own, reached by function call. */
export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  const { secrets, log, clock = systemClock, ids = randomIds, ports } = options;
  const connection = await connect(options.mongodbUri, {
    ...(options.dbName ? { dbName: options.dbName } : {}),
    ...(options.onDatabaseCommand ? { onCommand: options.onDatabaseCommand } : {}),
  });
  const closing: (() => Promise<unknown>)[] = [() => connection.close()];
  try {
    await prepareDatabase(connection);
    const controls = await followControls(connection, {
      log,
      ...(options.controlsLeaseMs === undefined ? {} : { leaseMs: options.controlsLeaseMs }),
    });
    closing.push(() => controls.stop());
    const ended = await followEndedLogins(connection, { log });
    closing.push(() => ended.stop());

    // The servers first: with port 0 their addresses are known only when they listen.
    const late = { identity: notYet, gateway: notYet };
    const identityServer = createServer((request, response) => late.identity(request, response));
    const front = publicServer((request, response) => late.gateway(request, response));
    const urls = {
      identity: `http://localhost:${await listen(identityServer, ports.identity, 'IDENTITY_PORT')}`,
      gateway: `http://localhost:${await listen(front.server, ports.gateway, 'PORT')}`,
    };
    closing.push(
      () => closeServer(identityServer),
      () => front.drain(),
    );
    // A free port: only the sandbox in this process has to know it.
    const door = await openPartyDoor(0);
    closing.push(() => door.close());
    const sandbox = await startSandbox({
      port: ports.sandbox,
      issuer: urls.identity,
      secrets,
      clock,
      partyDoor: `http://localhost:${door.port}`,
    });
    closing.push(() => sandbox.stop());

    const graphAudience = `${urls.gateway}/graphql`;
    const identity = await openIdentity({
      connection,
      controls,
      clock,
      ids,
      log,
      settings: identitySettingsOf({
        secrets,
        urls: { ...urls, sandbox: sandbox.url },
        graphAudience,
      }),
    });
    late.identity = identity.handler;
    closing.push(() => identity.stop());

    const deps: ServiceDeps = {
      connection,
      controls,
      outbox: openOutbox(connection),
      clock,
      ids,
      log,
    };
    const parties = {
      registerNetwork: { url: sandbox.url, secret: secrets.registerNetwork },
      atmNetwork: { url: sandbox.url, secret: secrets.atmNetwork },
      acquirer: { url: sandbox.url, secret: secrets.acquirer },
      cardReturnUrl: `${urls.gateway}/wallet/charge/card`,
      partyDoor: door.mount,
    };
    const subgraphs = [
      identity.subgraph,
      walletSubgraph({
        ...deps,
        ...parties,
        sealKey: sealKeyOf(secrets.sealKey),
        deviceSecret: secrets.paymentDevices,
      }),
      merchantSubgraph(deps),
      pointsSubgraph(deps),
      refundSubgraph(deps),
      operationsSubgraph(deps),
    ];
    const stopwatch = startStopwatch();
    const keys = issuerKeys(urls.identity, { elapsedMs: () => stopwatch.elapsed(), log });
    const judge: JudgeLogin = (login) => ended.judge(login) ?? controls.judge(login);
    const gateway = await openGateway({
      supergraph: options.supergraph,
      reach: (options.reachWith ?? inProcessReach)(subgraphs),
      readViewer: readViewer(
        verifyAccessToken({
          issuer: urls.identity,
          audience: graphAudience,
          clock,
          keys: keys.find,
          agreementSecret: secrets.agreement,
        }),
        verifyDpopProof({ url: graphAudience, clock }),
        judge,
      ),
      judge,
      allowedOrigins: [],
      production: options.production ?? false,
      ...(options.executor ? { executor: options.executor } : {}),
      ...(options.operations ? { operations: options.operations } : {}),
      ...(options.rates ? { rates: options.rates } : {}),
      ...(options.subscriptionLimits ? { subscriptionLimits: options.subscriptionLimits } : {}),
      ...(secrets.internalKey.d ? { cursorKey: cursorKeyFrom(secrets.internalKey.d) } : {}),
      clock,
      log,
    });
    closing.push(() => gateway.stop()); // completes the subscriptions first
    late.gateway = publicFront({
      graphql: gateway.handler,
      faces: webFaces(options.root),
      config: {
        issuer: urls.identity,
        graphAudience,
        clients: { wallet: 'seven-eleven-app', console: CONSOLE_CLIENT },
      },
      production: options.production ?? false,
      isReady: () => !front.draining && keys.wereSeen() && !('refused' in controls.guard()),
      home: '/wallet/',
      supergraphId: () => gateway.supergraphId,
    });
    const stops = await Promise.all(subgraphs.map((subgraph) => startSubgraph(subgraph, deps)));
    closing.push(() => Promise.all(stops.map((stop) => stop())));
    await keys.look(); // 7iD is in this process, and answers already
    return {
      urls: { ...urls, sandbox: sandbox.url },
      subgraphs,
      identity,
      controls,
      registerNetwork: sandbox.registerNetwork,
      atmNetwork: sandbox.atmNetwork,
      acquirer: sandbox.acquirer,
      messageCarrier: sandbox.messageCarrier,
      connection,
      clock,
      stop: () => closeAll(closing),
    };
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

const notYet: RequestListener = (_request, response) => {
  response.writeHead(503, { 'retry-after': '1' }).end();
};

// Last opened, first closed: no request meets a closed database.
async function closeAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closing.toReversed()) await close();
}
