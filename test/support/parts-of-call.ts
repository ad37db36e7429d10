import type { Reach } from '@7pay/gateway';
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

type Call = Parameters<Reach['call']>[0];
type Answer = Awaited<ReturnType<Reach['call']>>;

/** A call as another executor would make it, and what it would have been answered. */
export interface Part {
  readonly call: Call;
  readonly answer: Answer;
}

const JOINED = /^own__\d+$/;

/**
 * The calls that one call stands for. Ours asks a subgraph at once for all that a plan wants of it (docs/adr/0028); Apollo's
 * executor asks for each by itself. A call that was not joined is its own only part.
 */
export function partsOf(call: Call, answer: Answer): readonly Part[] {
  const { request } = call;
  const lists = Object.keys(request.variables ?? {}).filter((name) => JOINED.test(name));
  if (lists.length === 0) return [{ call, answer }];
  const document = parse(request.query ?? '', { noLocation: true });
  const operation = document.definitions.find(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  return (operation?.selectionSet.selections ?? []).flatMap((selection) => {
    const name = selection.kind === Kind.FIELD ? selection.alias?.value : undefined;
    if (!operation || selection.kind !== Kind.FIELD || name === undefined) return [];
    const query = queryOf(operation, selection, name);
    const { [name]: representations, ...others } = request.variables ?? {};
    const variables = Object.fromEntries(
      Object.entries(others).filter(([each]) => !JOINED.test(each)),
    );
    const asked = { ...request, query, variables: { ...variables, representations } };
    return [{ call: { ...call, request: asked }, answer: answerTo(answer, name) }];
  });
}

function queryOf(operation: OperationDefinitionNode, field: FieldNode, name: string): string {
  const used = new Set<string>();
  visit(field, { Variable: ({ name: { value } }) => void used.add(value) });
  const part: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) =>
      used.has(variable.name.value),
    ),
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [{ ...field, alias: { kind: Kind.NAME, value: '_entities' } }],
    },
  };
  return stripIgnoredCharacters(print(part))
    .replaceAll(`$${name}`, '$representations')
    .replace('_entities:_entities', '_entities');
}

function answerTo(answer: Answer, name: string): Answer {
  const { data, errors } = answer as {
    data?: Record<string, unknown> | null;
    errors?: readonly { path?: readonly unknown[] }[];
  };
  const own = (errors ?? []).filter(({ path }) => !path || path[0] === name);
  return {
    ...(data ? { data: { _entities: data[name] } } : { data: null }),
    ...(own.length > 0
      ? {
          errors: own.map((error) => ({
            ...error,
            ...(error.path ? { path: ['_entities', ...error.path.slice(1)] } : {}),
          })),
        }
      : {}),
  } as unknown as Answer;
}
