import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { GatewayLimits } from '../config.ts';
import type { GatewayContext } from '../gateway.ts';

type Limits = Pick<GatewayLimits, 'listLength' | 'depth' | 'variableValues'>;

/** Looks at the variables of a request. @throws GraphQLError BAD_USER_INPUT when they are too large in any way */
export type CheckVariables = (variables: unknown) => void;

/** Limits variables as documents are limited: a body of few bytes can hold very many values. */
export const checkVariablesBy =
  (limits: Limits): CheckVariables =>
  (variables) => {
    const fault = faultOfVariables(variables ?? {}, limits);
    if (fault === undefined) return;
    throw new GraphQLError(fault, { extensions: { code: 'BAD_USER_INPUT' } });
  };

/** Looks at the variables when the operation is valid and not yet planned. */
export const variableLimits = (check: CheckVariables): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ request }) => check(request.variables),
  }),
});

/** What is too large in some variables, in words; nothing if nothing is. */
export function faultOfVariables(variables: unknown, limits: Limits): string | undefined {
  let left = limits.variableValues;
  // The variables are an object of their own, which is no level of any of them.
  const waiting: (readonly [value: unknown, depth: number])[] = [[variables, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, depth] = next;
    left -= 1;
    if (left < 0) return `Variables: at most ${limits.variableValues} values are allowed.`;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > limits.depth) return `Variables: at most ${limits.depth} levels are allowed.`;
    if (Array.isArray(value) && value.length > limits.listLength) {
      return `Variables: a list has ${value.length} items; at most ${limits.listLength} are allowed.`;
    }
    for (const inner of Object.values(value)) waiting.push([inner, depth + 1]);
  }
  return undefined;
}
