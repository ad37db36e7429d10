import { type ConstDirectiveNode, Kind, parse } from 'graphql';
import type { NamedSubgraph } from '../executor/planning.ts';

/** The subgraphs of a supergraph and their URLs, as `enum join__Graph` has them. */
export const subgraphsNamedIn = (supergraph: string): readonly NamedSubgraph[] =>
  parse(supergraph, { noLocation: true })
    .definitions.flatMap((definition) =>
      definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph'
        ? (definition.values ?? [])
        : [],
    )
    .flatMap(({ directives = [] }) => directives)
    .filter((directive) => directive.name.value === 'join__graph')
    .map((directive) => ({ name: text(directive, 'name'), url: text(directive, 'url') }));

function text({ arguments: given }: ConstDirectiveNode, name: string): string {
  const value = given?.find((each) => each.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}
