import type { Subgraph } from '@7pay/graphql';
import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import type { Step, Way } from './expectation.ts';

/** The fields of the merged schema, and how one leads to another. */
export interface Graph {
  readonly roots: readonly Step[];
  /** The shortest way from a root to each field that it leads to. */
  waysFrom(root: Step): Way[];
  /** The fields that one subgraph has of a type. */
  fieldsIn(subgraph: string, type: string): readonly Step[];
  readonly fields: readonly Step[];
  /** The document that asks for all of these ways; `args` are those of the root. */
  document(ways: readonly Way[], args: string): string;
  leafOf(step: Step): string;
}

const DEEPEST = 11; // of the 12 levels that the gateway admits

export function mergedGraph(subgraphs: readonly Subgraph[]): Graph {
  const byName = new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph]));
  const fields: readonly Step[] = subgraphs.flatMap(({ name, access }) =>
    access.map((entry) => ({ ...entry, subgraph: name })),
  );
  const byType = Map.groupBy(fields, ({ type }) => type);
  const schemaOf = (step: Step) => byName.get(step.subgraph)!.schema;
  const definitionOf = (step: Step) =>
    (schemaOf(step).getType(step.type) as GraphQLObjectType).getFields()[step.field]!;
  const resultOf = (step: Step): GraphQLNamedType => getNamedType(definitionOf(step).type);
  const objectsOf = (step: Step): readonly string[] => {
    const result = resultOf(step);
    if (isObjectType(result)) return [result.name];
    return isAbstractType(result)
      ? schemaOf(step)
          .getPossibleTypes(result)
          .map(({ name }) => name)
      : [];
  };
  // Of several subgraphs with the field the one that holds the object is asked, else the one that has a rule for it.
  const nextOf = (step: Step, type: string): Step[] => {
    const choices = Map.groupBy(byType.get(type) ?? [], ({ field }) => field);
    return [...choices.values()].map(
      (all) =>
        all.find(({ subgraph }) => subgraph === step.subgraph) ??
        all.find(({ rule }) => rule !== null) ??
        all[0]!,
    );
  };
  const waysFrom = (root: Step): Way[] => {
    const found: Way[] = [{ steps: [root] }];
    const seen = new Set<string>();
    for (const { steps } of found) {
      const last = steps.at(-1)!;
      if (steps.length >= DEEPEST) continue;
      for (const next of objectsOf(last).flatMap((type) => nextOf(last, type))) {
        const name = `${next.type}.${next.field}`;
        if (seen.has(name)) continue;
        seen.add(name);
        found.push({ steps: [...steps, next] });
      }
    }
    return found;
  };
  const argsOf = (step: Step): string =>
    definitionOf(step).args.some(({ name }) => name === 'first') ? '(first: 3)' : '';

  const selection = (ways: readonly Way[], depth: number): string => {
    const deeper = ways.filter(({ steps }) => steps.length > depth);
    const types = Map.groupBy(deeper, ({ steps }) => steps[depth]!.type);
    const parts = [...types].map(([type, ofType]) => {
      const names = Map.groupBy(ofType, ({ steps }) => steps[depth]!.field);
      const inner = [...names].map(([name, through]) => {
        const step = through[0]!.steps[depth]!;
        return `${name}${argsOf(step)}${selection(through, depth + 1)}`;
      });
      return `... on ${type} { ${inner.join(' ')} }`;
    });
    const isObject = ways.some(({ steps }) => objectsOf(steps[depth - 1]!).length > 0);
    return isObject ? ` { __typename ${parts.join(' ')} }` : '';
  };

  return {
    fields,
    roots: fields.filter(({ type }) => /^(Query|Mutation|Subscription)$/.test(type)),
    waysFrom,
    fieldsIn: (subgraph, type) =>
      (byType.get(type) ?? []).filter((step) => step.subgraph === subgraph),
    document: (ways, args) => {
      const { type, field } = ways[0]!.steps[0]!;
      return `${type.toLowerCase()} { ${field}${args}${selection(ways, 1)} }`;
    },
    leafOf: (step) =>
      `${step.field}${argsOf(step)}${objectsOf(step).length > 0 ? ' { __typename }' : ''}`,
  };
}
