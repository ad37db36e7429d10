import { createHash } from 'node:crypto';
import type { Viewer } from '@7pay/graphql';
import { silentLog } from '@7pay/telemetry';
import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  type GraphQLSchema,
  parse,
} from 'graphql';
import { deadlineIn, type OwnedDeadline } from '../../reach/deadline.ts';
import type { Reach } from '../../reach/reach.ts';
import { OwnGateway, type OwnGatewayOptions } from '../own-gateway.ts';

export const ANYBODY: Viewer = {
  kind: 'anonymous',
  locale: 'ja',
  requestId: 'request-1',
  clientId: null,
  scopes: [],
};

/** What a request of a test may say of itself. */
export interface DrivenRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly viewer?: Viewer;
  readonly deadline?: OwnedDeadline;
  /** The schema that the request was validated against; the latest unless told. */
  readonly schema?: GraphQLSchema;
  readonly document?: DocumentNode;
}

/** A gateway without a server around it: documents are not validated. */
export interface Driver {
  schema(): GraphQLSchema;
  ask(request: DrivenRequest): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

/** Drives an executor straight, as the server would. */
export async function driveOwn(
  supergraphSdl: OwnGatewayOptions['supergraphSdl'],
  reach: Reach,
  options: Partial<OwnGatewayOptions> = {},
): Promise<Driver> {
  return drive(
    new OwnGateway({
      supergraphSdl,
      openReach: () => reach,
      deadlineMs: 5_000,
      log: silentLog,
      ...options,
    }),
  );
}

type AnyGateway = Pick<OwnGateway, 'load' | 'stop' | 'onSchemaLoadOrUpdate'>;

/** Drives any gateway that a server could hold. */
export async function drive(gateway: AnyGateway): Promise<Driver> {
  let latest: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    latest = apiSchema;
  });
  const { executor } = await gateway.load({ apollo: {} });
  const schema = () => {
    if (!latest) throw new Error('no schema was loaded');
    return latest;
  };
  return {
    schema,
    stop: () => gateway.stop(),
    ask: async (request) => {
      const { query, variables = {}, operationName, viewer = ANYBODY } = request;
      const document = request.document ?? parse(query);
      const deadline = request.deadline ?? deadlineIn(5_000);
      const operation = getOperationAST(document, operationName);
      if (!operation) throw new Error('there is no such operation');
      try {
        return await executor({
          schema: request.schema ?? schema(),
          document,
          operation,
          operationName: operationName ?? operation.name?.value ?? null,
          queryHash: createHash('sha256').update(query).digest('hex'),
          request: { query, variables, operationName: operationName ?? operation.name?.value },
          context: { viewer, requestId: viewer.requestId, deadline },
          metrics: {},
          logger: console,
          source: query,
        } as unknown as Parameters<typeof executor>[0]);
      } finally {
        deadline.close();
      }
    },
  };
}
