import 'reflect-metadata';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkedInDocs, generateDocs } from './docs-files.ts';

// `npm run docs` writes the generated documents; `npm run docs -- --check` only compares.
const generated = await generateDocs();
const checkedIn = checkedInDocs();
const stale = [...generated].filter(([file, text]) => checkedIn.get(file) !== text);
const left = [...checkedIn.keys()].filter((file) => !generated.has(file));
if (process.argv.includes('--check')) {
  for (const file of [...stale.map(([file]) => file), ...left]) {
    process.stderr.write(`stale: ${file} (npm run docs)\n`);
  }
  process.exit(stale.length + left.length > 0 ? 1 : 0);
}
for (const [file, text] of stale) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`written: ${file}\n`);
}
for (const file of left) {
  rmSync(file);
  process.stdout.write(`removed: ${file}\n`);
}
