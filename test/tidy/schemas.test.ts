import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  checkedInSchemas,
  generateSchemas,
  schemaOnlySubgraphs,
} from '../platform/src/schema-files.ts';

const subgraphs = schemaOnlySubgraphs();

describe('the schemas', () => {
  it('that are checked in are what the sources make (npm run schema)', () => {
    const generated = generateSchemas();
    expect([...checkedInSchemas().keys()].sort()).toEqual([...generated.keys()].sort());
    for (const [file, text] of generated) expect(checkedInSchemas().get(file), file).toBe(text);
  });

  it.each(subgraphs.map(({ name, schema }) => [name, schema] as const))(
    'of %s describe every type, field, argument and value',
    (_, schema) => {
      const bare: string[] = [];
      for (const [name, type] of Object.entries(schema.getTypeMap())) {
        if (
          name.startsWith('_') ||
          /^(String|Int|Boolean|ID|Float|federation__.*|link__.*|Query|Mutation|Subscription)$/.test(
            name,
          )
        )
          continue;
        if (!type.description) bare.push(name);
        if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
          for (const field of Object.values(type.getFields())) {
            if (!field.description) bare.push(`${name}.${field.name}`);
          }
        } else if (!isEnumType(type) && !isUnionType(type) && !isScalarType(type))
          bare.push(`${name}?`);
      }
      expect(bare).toEqual([]);
    },
  );

  it('leave no entity out of a subgraph that resolves it', () => {
    const keyed = (name: string) => {
      const sdl = subgraphs.find((subgraph) => subgraph.name === name)!.sdl;
      return [...sdl.matchAll(/^type (\w+) @key\(fields: "\w+"\)/gm)]
        .map(([, type]) => type)
        .sort();
    };
    expect(keyed('wallet')).toEqual(['Member', 'Payment', 'Store', 'Wallet']);
    expect(keyed('merchant')).toEqual(['Merchant', 'Store']);
    expect(keyed('points')).toEqual(['Member', 'Payment', 'PointsAccount']);
    expect(keyed('refund')).toEqual(['RefundProgramme', 'Wallet']);
    expect(keyed('operations')).toEqual(['Switch']);
    expect(keyed('identity')).toEqual(['Member']);
  });

  it('parse as schemas of their own', () => {
    for (const { sdl } of subgraphs) expect(() => parse(sdl)).not.toThrow();
    expect(buildSchema('type Query { a: Int }')).toBeDefined();
  });
});
