import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { silentLog } from '@7pay/telemetry';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createExecutor, prepareDocuments } from './execute.ts';
import { anonymous } from './testing/shelf.graphql.ts';

const program = fileURLToPath(new URL('testing/fragile-lists.program.ts', import.meta.url));
const run = (mode: 'bare' | 'ours') =>
  spawnSync(process.execPath, [program, mode], { encoding: 'utf8', timeout: 15_000 });

describe('an item that fails at once while an earlier one fails later', () => {
  it('ends a process that executes with graphql-js alone', () => {
    const { status, stdout, stderr } = run('bare');
    expect(status).toBe(1); // when this holds no longer, settleLists can go
    expect(stdout).not.toContain('alive');
    expect(stderr).toContain('later');
  });

  it('does not end a process of ours, and every answer has its error', () => {
    const { status, stdout } = run('ours');
    expect(stdout).toMatch(/^([1-9] ){4}alive$/);
    expect(status).toBe(0);
  });
});

describe('lists that are well', () => {
  it('are answered as before, nested, promised, empty, single and null', async () => {
    const schema = buildSchema(`
      scalar Any
      type Item { name: String! }
      type Query { items: [Item!]!, deep: [[Item!]!]!, none: [Item!], one: [Item!], any: [Any!] }
    `);
    const values: Record<string, unknown> = {
      items: Promise.resolve([{ name: 'a' }, Promise.resolve({ name: 'b' })]),
      deep: [[{ name: 'a' }], Promise.resolve([{ name: 'b' }, { name: 'c' }]), []],
      none: null,
      one: new Set([{ name: 'a' }]),
      any: [[1, [2]], 'text'],
    };
    for (const [name, field] of Object.entries(schema.getQueryType()?.getFields() ?? {})) {
      field.resolve = () => values[name];
    }
    const query = '{ items { name } deep { name } none { name } one { name } any }';
    const { data, errors } = await createExecutor(schema, () => ({}), {
      prepare: prepareDocuments(schema),
      log: silentLog,
    })({ query }, anonymous());
    expect(errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      items: [{ name: 'a' }, { name: 'b' }],
      deep: [[{ name: 'a' }], [{ name: 'b' }, { name: 'c' }], []],
      none: null,
      one: [{ name: 'a' }],
      any: [[1, [2]], 'text'],
    });
  });
});
