import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { businessDate, systemClock } from '@7pay/time';
import {
  checkedInSchemas,
  generateSchemas,
  schemaOnlySubgraphs,
  SUPERGRAPH,
} from '../schema-files.ts';
import { composeSupergraph, subgraphSchemas } from '../supergraph.ts';
import { checkSchema } from './check-schema.ts';
import { ALLOWED_HINTS } from './composition-hints.ts';
import { registeredDocuments } from './registered-documents.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

// `npm run schema` writes the snapshots; `npm run schema -- --check` only compares; the rest is the life of a supergraph.
const [command = ''] = process.argv.slice(2);
const commands: Readonly<Record<string, () => number>> = {
  '': () => snapshots('write'),
  '--check': () => snapshots('compare'),
  compose: () => {
    const supergraph = composeSupergraph(subgraphSchemas(schemaOnlySubgraphs()));
    say(`composed: ${createHash('sha256').update(supergraph).digest('hex')}`);
    return 0;
  },
  check: () => {
    const { faults, remarks } = checkSchema({
      schemas: subgraphSchemas(schemaOnlySubgraphs()),
      active: readFileSync(SUPERGRAPH, 'utf8'),
      documents: registeredDocuments(process.cwd()),
      allowedHints: ALLOWED_HINTS,
      today: businessDate(systemClock.now()),
    });
    for (const remark of remarks) say(remark);
    for (const fault of faults) complain(fault);
    say(faults.length === 0 ? 'the schema may be published' : `${faults.length} faults`);
    return faults.length === 0 ? 0 : 1;
  },
};

const run = commands[command];
if (!run) complain(`unknown: ${command}; known: ${Object.keys(commands).join(' ').trim()}`);
process.exit(run ? run() : 2);

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
