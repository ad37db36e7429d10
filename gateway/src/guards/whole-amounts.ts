import { type ASTVisitor, getNamedType, GraphQLError, type ValidationContext } from 'graphql';

const WHOLE = new Set(['Yen', 'Points']);

/**
 * Refuses fractions and exponents written as amounts in a document. The planner rewrites literals, so that a
 * subgraph would see 1000 where `1e3` was written: it has to be caught here.
 */
export const wholeAmounts = (context: ValidationContext): ASTVisitor => ({
  FloatValue: (node) => {
    const type = getNamedType(context.getInputType());
    if (!type || !WHOLE.has(type.name)) return;
    context.reportError(
      new GraphQLError(`${type.name}: whole digits are expected`, {
        nodes: node,
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    );
  },
});
