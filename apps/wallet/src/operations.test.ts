import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as memberOperations from './member-operations.ts';
import * as noticeOperations from './notice-operations.ts';
import * as proofOperations from './proof-operations.ts';
import * as reviewOperations from './review-operations.ts';
import * as sessionOperations from './session-operations.ts';
import * as walletOperations from './operations.ts';

const operations = {
  ...walletOperations,
  ...memberOperations,
  ...reviewOperations,
  ...noticeOperations,
  ...proofOperations,
  ...sessionOperations,
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
