import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readManifest } from '@7pay/gateway';
import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { GATEWAY_LIMITS } from '../../../gateway/src/config.ts';
import { costOf } from '../../../gateway/src/guards/cost.ts';
import { readCostTable } from '../../../gateway/src/guards/cost-table.ts';
import { documentGuard } from '../../../gateway/src/guards/document-limits.ts';
import { FACES, operationsManifest } from './operations-manifest.ts';

const APPS = new URL('../../../apps/', import.meta.url);

const supergraph = readFileSync('gateway/supergraph.graphql', 'utf8');
const schema = buildSchema(supergraph, { assumeValidSDL: true });
const table = readCostTable(supergraph);
const manifest = readManifest(operationsManifest());
const documents = Object.entries(manifest).flatMap(([client, texts]) =>
  Object.values(texts).map((text) => [client, text] as const),
);

describe('a registered operation', () => {
  it('exists for each face', () => {
    expect(Object.keys(manifest)).toEqual(['seven-eleven-app', 'operator-console', 'terminal']);
    expect(documents.length).toBeGreaterThan(25);
  });

  it.each(documents)('of %s is far from every limit: %.40s', (_, text) => {
    expect(documentGuard(GATEWAY_LIMITS)(text).fault).toBeUndefined();
    const document = parse(text);
    const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
    if (!operation) throw new Error('no operation');
    const cost = costOf({ document, operation }, { schema, table });
    expect(cost).toBeLessThan(GATEWAY_LIMITS.cost / 7);
  });
});

it('every connection of the graph has a length', () => {
  const connections = supergraph.match(/\): \w+Connection.*/g) ?? [];
  expect(connections.length).toBeGreaterThan(5);
  for (const each of connections) expect(each).toContain('@listSize(slicingArguments: ["first"]');
});

describe('the operations that public clients may send', () => {
  it.each(Object.entries(FACES))('are all that %s asks', async (face, registered) => {
    const folder = new URL(`${face}/src/`, APPS);
    const files = readdirSync(folder).filter((name) => /^([\w-]+-)?operations\.ts$/.test(name));
    expect(files.length).toBeGreaterThan(0);
    const texts = new Set(Object.values(registered).map(({ text }) => text));
    for (const file of files) {
      const module = (await import(path.join(folder.pathname, file))) as Record<string, unknown>;
      const asked = Object.values(module).flatMap((each) => textOf(each) ?? []);
      expect([file, asked.filter((text) => !texts.has(text))]).toEqual([file, []]);
    }
  });
});

function textOf(exported: unknown): string | undefined {
  if (typeof exported !== 'object' || exported === null || !('text' in exported)) return undefined;
  return typeof exported.text === 'string' ? exported.text : undefined;
}
