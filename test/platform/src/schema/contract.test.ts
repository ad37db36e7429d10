import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compose } from '../supergraph.ts';
import { CONTRACTS, contractOf, type Tag } from './contract.ts';
import { registeredDocuments } from './registered-documents.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])\n';
const { supergraph = '' } = compose(
  new Map([
    [
      'shops',
      `${LINK} type Query { shop: Shop books: [Book] @tag(name: "internal") thing: Thing }
       type Mutation { sell(input: Sale): Shop @tag(name: "merchant") }
       input Sale { kind: Kind } enum Kind { CASH }
       type Shop { name: String income: Int @tag(name: "merchant") keeper: Person @tag(name: "internal") }
       type Person { name: String } type Book { page: Page } type Page { text: String }
       interface Thing { id: ID } type Chair implements Thing { id: ID legs: Legs } type Legs { count: Int }`,
    ],
  ]),
);
const typesOf = (without: readonly Tag[]) =>
  Object.keys(buildSchema(contractOf(supergraph, without)).getTypeMap()).filter((name) =>
    /^(Shop|Mutation|Sale|Kind|Person|Book|Page|Thing|Chair|Legs)$/.test(name),
  );

describe('a contract', () => {
  it('leaves out what is tagged, and what nothing leads to any more', () => {
    expect(typesOf(['merchant', 'internal']).sort()).toEqual(['Chair', 'Legs', 'Shop', 'Thing']);
    expect(typesOf(['internal']).sort()).toEqual(
      ['Chair', 'Kind', 'Legs', 'Mutation', 'Sale', 'Shop', 'Thing'].sort(),
    );
    expect(typesOf([])).toHaveLength(10);
    const shop = buildSchema(contractOf(supergraph, ['merchant', 'internal'])).getType('Shop');
    expect(Object.keys((shop as { getFields(): object } | undefined)?.getFields() ?? {})).toEqual([
      'name',
    ]);
  });

  it('is not made when a type would have nothing left', () => {
    const { supergraph: bare = '' } = compose(
      new Map([
        ['a', `${LINK} type Query { x: Only } type Only { hidden: Int @tag(name: "internal") }`],
      ]),
    );
    expect(() => contractOf(bare, ['internal'])).toThrow(/Only would have no fields/);
  });
});

describe('our contracts', () => {
  const schemas = new Map(
    Object.keys(CONTRACTS).map((name) => [
      name,
      buildSchema(readFileSync(`docs/schema/${name}.graphql`, 'utf8')),
    ]),
  );
  const documents = registeredDocuments(process.cwd());
  const faultsIn = (contract: string, app: string) =>
    documents
      .filter(({ name }) => name.startsWith(`${app}/`))
      .flatMap(({ name, text }) => {
        const schema = schemas.get(contract);
        return schema && validate(schema, parse(text)).length === 0 ? [] : [name];
      });

  it.each([
    ['public', 'wallet'],
    ['merchant', 'pos'],
    ['internal', 'console'],
  ])('the %s one has everything that the app %s asks', (contract, app) => {
    expect(documents.filter(({ name }) => name.startsWith(`${app}/`)).length).toBeGreaterThan(3);
    expect(faultsIn(contract, app)).toEqual([]);
  });

  it.each([
    ['public', 'pos'],
    ['merchant', 'console'],
  ])('the %s one has less than the app %s asks', (contract, app) => {
    expect(faultsIn(contract, app)).not.toEqual([]);
  });

  it('of the public one, no description speaks of operators alone', () => {
    const text = readFileSync('docs/schema/public.graphql', 'utf8');
    expect(text.match(/For operators\./g) ?? []).toEqual([]);
  });
});
