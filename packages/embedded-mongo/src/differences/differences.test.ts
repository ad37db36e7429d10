import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InProcessEngine } from '../testing/in-process.ts';
import { differencesPage } from './page.ts';
import { probeSurface, type Refusal } from './probe.ts';

const PAGE = fileURLToPath(new URL('../../../../docs/differences.md', import.meta.url));

let db: InProcessEngine;
let refusals: Refusal[];
beforeAll(async () => {
  db = new InProcessEngine();
  refusals = await probeSurface((command, name) => db.run(command, name));
}, 60_000);
afterAll(() => db.close());

describe('what the engine does not do', () => {
  test('is refused as not implemented, never as something nobody knows', () => {
    expect(refusals.filter(({ code }) => code !== 238 && code !== 31082)).toEqual([]);
  });

  test('is named in the refusal', () => {
    const silent = refusals.filter(({ name, message }) => !message.includes(name));
    expect(silent).toEqual([]);
  });

  test('is what the page says (npm run docs)', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(differencesPage(refusals));
  });

  test('is found: a name that is refused is on the list, one that is obeyed is not', () => {
    const names = refusals.map(({ name }) => name);
    expect(names).toContain('$geoWithin');
    expect(names).toContain('mapReduce');
    expect(names).not.toContain('$match');
    expect(names).not.toContain('insert');
  });
});

test.each<[string, object, number]>([
  ['a command', { fly: 1 }, 59],
  ['an argument', { find: 'rows', wings: 1 }, 40415],
  ['a stage', { aggregate: 'rows', pipeline: [{ $fly: {} }], cursor: {} }, 40324],
  [
    'an expression',
    { aggregate: 'rows', pipeline: [{ $project: { x: { $fly: 1 } } }], cursor: {} },
    168,
  ],
  ['a filter operator', { find: 'rows', filter: { a: { $fly: 1 } } }, 2],
  [
    'an option of an index',
    { createIndexes: 'rows', indexes: [{ key: { a: 1 }, name: 'x', wings: 1 }] },
    197,
  ],
])('%s that MongoDB does not know is refused with its code', async (_, command, code) => {
  expect((await db.run(command as never)).get('code')).toBe(code);
});
