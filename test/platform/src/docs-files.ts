import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { generateDifferences } from '../../../packages/embedded-mongo/src/differences/generate.ts';
import { accessPage } from './docs-access.ts';
import { errorsPage } from './docs-errors.ts';
import { eventSchemas } from './docs-events.ts';
// Opens the door of every service, so that every noun declares its refusals.
import { schemaOnlySubgraphs } from './schema-files.ts';

const ACCESS = 'docs/access.md';
const ERRORS = 'docs/errors.md';
const DIFFERENCES = 'docs/differences.md';
const EVENTS = 'docs/events';
const WIDTH = 100;

/** The generated documents by the file they are checked in as. */
export async function generateDocs(): Promise<Map<string, string>> {
  const events = [...eventSchemas].map(
    ([name, schema]) => [`${EVENTS}/${name}.json`, `${jsonText(schema, '')}\n`] as const,
  );
  return new Map([
    [ACCESS, accessPage(schemaOnlySubgraphs())],
    [ERRORS, errorsPage()],
    [DIFFERENCES, await generateDifferences()],
    ...events,
  ]);
}

/** The same files as they stand in the tree, and any other that lies among them. */
export function checkedInDocs(): Map<string, string> {
  const events = existsSync(EVENTS) ? readdirSync(EVENTS).map((name) => `${EVENTS}/${name}`) : [];
  return new Map(
    [ACCESS, ERRORS, DIFFERENCES, ...events]
      .filter((file) => existsSync(file))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );
}

/** JSON as the formatter writes it: objects over several lines, lists on one line where they fit. */
function jsonText(value: unknown, indent: string, name = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => jsonText(item, inner));
    const line = `[${items.join(', ')}]`;
    if (`${indent}${name}${line},`.length <= WIDTH) return `${name}${line}`;
    return `${name}[\n${items.map((item) => `${inner}${item}`).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return `${name}${JSON.stringify(value)}`;
  const lines = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${inner}${jsonText(member, inner, `${JSON.stringify(key)}: `)}`);
  return lines.length === 0 ? `${name}{}` : `${name}{\n${lines.join(',\n')}\n${indent}}`;
}
