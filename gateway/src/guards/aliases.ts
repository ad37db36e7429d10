import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Refuses documents with more than `most` aliases: the cheap way to ask for one costly field many times. */
export const aliasLimit =
  (most: number) =>
  (context: ValidationContext): ASTVisitor => {
    let aliases = 0;
    return {
      Field: (field) => {
        if (field.alias) aliases += 1;
      },
      Document: {
        leave: () => {
          if (aliases <= most) return;
          context.reportError(
            new GraphQLError(`The document has ${aliases} aliases; at most ${most} are allowed.`, {
              extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
            }),
          );
        },
      },
    };
  };
