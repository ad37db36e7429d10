import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { checkedInSchemas, generateSchemas } from './schema-files.ts';

// `npm run schema` writes the snapshots; `npm run schema -- --check` only compares.
const generated = generateSchemas();
const stale = [...generated].filter(([file, text]) => checkedInSchemas().get(file) !== text);
if (process.argv.includes('--check')) {
  for (const [file] of stale) process.stderr.write(`stale: ${file} (npm run schema)\n`);
  process.exit(stale.length > 0 ? 1 : 0);
}
for (const [file, text] of stale) {
  writeFileSync(file, text);
  process.stdout.write(`written: ${file}\n`);
}
