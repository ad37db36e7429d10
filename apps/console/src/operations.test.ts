import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as cutOff from './cut-off-operations.ts';
import * as desk from './desk-operations.ts';
import * as duty from './duty-operations.ts';
import * as face from './operations.ts';
import * as identity from './identity-operations.ts';
import * as member from './member-operations.ts';
import * as partner from './partner-operations.ts';
import * as settlement from './settlement-operations.ts';

const operations = {
  ...face,
  ...desk,
  ...cutOff,
  ...settlement,
  ...partner,
  ...identity,
  ...member,
  ...duty,
};

const supergraph = new URL('../../../gateway/supergraph.graphql', import.meta.url);
const schema = buildSchema(readFileSync(supergraph, 'utf8'), { assumeValidSDL: true });

describe('what this face asks of the graph', () => {
  it.each(Object.entries(operations))('%s is valid in the supergraph', (_, { text }) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
  });

  it('names every operation once', () => {
    const names = Object.values(operations).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
