import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../gateway.ts';

/** Refuses a request whose document does not say which operation is meant: executors have nothing to say about it. */
export const oneOperation: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, request: { operationName } }) => {
      if (operation as unknown) return;
      const reason = operationName
        ? 'The document has no operation of that name.'
        : 'The document has several operations: operationName is expected.';
      throw new GraphQLError(reason, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
    },
  }),
};
