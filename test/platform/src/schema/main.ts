import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { digestOf } from '@7pay/gateway';
import { systemClock } from '@7pay/time';
import {
  checkedInSchemas,
  generateSchemas,
  schemaOnlySubgraphs,
  SUPERGRAPH,
} from '../schema-files.ts';
import { composeSupergraph, subgraphSchemas } from '../supergraph.ts';
import type { SchemaCheck } from './check-schema.ts';
import { readSchemaConfig } from './config.ts';
import { registeredDocuments } from './registered-documents.ts';
import { supergraphLife } from './supergraph-life.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

// `npm run schema` writes the snapshots; `npm run schema -- --check` only compares; the rest is the life of a supergraph.
const [command = '', digest = ''] = process.argv.slice(2);
const commands: Readonly<Record<string, () => number | Promise<number>>> = {
  '': () => snapshots('write'),
  '--check': () => snapshots('compare'),
  compose: () => {
    say(`composed: ${digestOf(composeSupergraph(subgraphSchemas(schemaOnlySubgraphs())))}`);
    return 0;
  },
  check: async () => told(await life().check(), 'the schema may be published'),
  publish: async () => {
    const published = await life().publish();
    return told(published, `published: ${published.digest}`);
  },
  activate: async () => {
    say(`active: ${(await life().activate(digest)).digest}`);
    return 0;
  },
  rollback: async () => {
    say(`active: ${(await life().rollback()).digest}`);
    return 0;
  },
};

const run = commands[command];
if (!run) complain(`unknown: ${command}; known: ${Object.keys(commands).join(' ').trim()}`);
try {
  process.exitCode = run ? await run() : 2;
} catch (error) {
  complain(error instanceof Error ? `${error.name}: ${error.message}` : 'failed');
  process.exitCode = 1;
}

function life() {
  return supergraphLife({
    config: readSchemaConfig(process.env),
    schemas: subgraphSchemas(schemaOnlySubgraphs()),
    documents: registeredDocuments(process.cwd()),
    checkedIn: SUPERGRAPH,
    clock: systemClock,
  });
}

function told({ faults, remarks }: SchemaCheck, good: string): number {
  for (const remark of remarks) say(remark);
  for (const fault of faults) complain(fault);
  say(faults.length === 0 ? good : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

function snapshots(what: 'write' | 'compare'): number {
  const generated = generateSchemas();
  const stale = [...generated].filter(([file, text]) => checkedInSchemas().get(file) !== text);
  if (what === 'compare') {
    for (const [file] of stale) complain(`stale: ${file} (npm run schema)`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const [file, text] of stale) {
    writeFileSync(file, text);
    say(`written: ${file}`);
  }
  return 0;
}
