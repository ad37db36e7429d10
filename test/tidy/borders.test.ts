import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breach, findCycle } from './borders.ts';
import { importsIn, isTest, sourceFiles } from './source-files.ts';

const files = sourceFiles();
const imports = files.flatMap((file) => importsIn(file));

describe('the sources', () => {
  it('keep to the borders between workspaces and layers', () => {
    const breaches = imports.flatMap((each) => {
      const rule = breach(each);
      return rule ? [`${each.from} → ${each.to}: ${rule}`] : [];
    });
    expect(imports.length).toBeGreaterThan(500);
    expect(breaches).toEqual([]);
  });

  it('import nothing in a circle', () => {
    expect(findCycle(imports)).toBeUndefined();
  });

  it('read the environment only in main and config files', () => {
    const readers = files.filter(
      (file) =>
        !isTest(file) &&
        !file.startsWith('packages/testing/') &&
        !file.startsWith('bench/') && // programs, all of them
        !file.endsWith('/cli/spawn.ts') && // hands its own environment on to a child
        !/(^|\/)(main|config|processes|doctor)\.ts$/.test(file) &&
        /process\.env/.test(readFileSync(file, 'utf8')),
    );
    expect(readers).toEqual([]);
  });

  it('have no barrels besides the doors, and doors that list their names', () => {
    const barrels = files.filter((file) => /^export \* from/m.test(readFileSync(file, 'utf8')));
    expect(barrels).toEqual([]);
    const inner = files.filter(
      (file) => /\/index\.tsx?$/.test(file) && !/\/src\/index\.tsx?$/.test(file),
    );
    expect(inner).toEqual([]);
  });

  it('have no files named after nothing', () => {
    const vague = files.filter((file) =>
      /(^|\/)(utils?|helpers?|common|misc|[\w-]*-?manager)\.tsx?$/i.test(file),
    );
    expect(vague).toEqual([]);
  });
});

describe('the border rules bite', () => {
  it.each([
    ['subgraphs/wallet/src/a.ts', "import { x } from '@7pay/merchant';"],
    ['subgraphs/wallet/src/a.ts', "import { x } from '../../merchant/src/b.ts';"],
    ['subgraphs/wallet/src/payment/a.ts', "import { Schema } from 'mongoose';"],
    ['subgraphs/wallet/src/payment/a.ts', "import { Field } from 'type-graphql';"],
    ['packages/ledger/src/a.ts', "import { x } from '@7pay/wallet';"],
    ['gateway/src/a.ts', "import { x } from '@7pay/identity';"],
    ['identity/src/a.ts', "import { x } from '@7pay/gateway';"],
    ['apps/wallet/src/a.ts', "import { x } from '@7pay/wallet';"],
    ['examples/partner-app/main.ts', "import { x } from '@7pay/ui';"],
    ['test/platform/src/a.ts', "import { x } from '../../../examples/partner-app/main.ts';"],
    ['examples/partner-app/main.ts', "import { x } from '../../identity/src/a.ts';"],
    ['subgraphs/points/src/a.ts', "import { x } from '@7pay/ledger/src/account.ts';"],
  ])('in the walk: %s with %s', (file, source) => {
    expect(importsIn(file, source).map(breach)).not.toContain(undefined);
  });

  it('but let a store import mongoose and a subgraph its packages', () => {
    const allowed = [
      ...importsIn('subgraphs/wallet/src/a.store.ts', "import { Schema } from 'mongoose';"),
      ...importsIn('subgraphs/wallet/src/a.ts', "import type { Connection } from 'mongoose';"),
      ...importsIn('subgraphs/wallet/src/a.ts', "import { yen } from '@7pay/money';"),
    ];
    expect(allowed.map(breach)).toEqual([undefined, undefined, undefined]);
  });

  it('find a planted circle', () => {
    const circle = [
      ...importsIn('packages/x/src/a.ts', "import { b } from './b.ts';"),
      ...importsIn('packages/x/src/b.ts', "import { a } from './a.ts';"),
    ];
    expect(findCycle(circle)).toHaveLength(3);
  });

  const planted: readonly (readonly [string, string])[] = [
    ['subgraphs/wallet/src/planted.ts', "import { x } from '@7pay/merchant';\nx();\n"],
    ['subgraphs/wallet/src/planted.ts', "import { x } from '../../../merchant/src/b.ts';\nx();\n"],
    ['subgraphs/wallet/src/planted.ts', "import { Schema } from 'mongoose';\nnew Schema();\n"],
    ['subgraphs/wallet/src/planted.ts', "import { Field } from 'type-graphql';\nField();\n"],
    ['subgraphs/wallet/src/planted.store.ts', "import { x } from '@7pay/points';\nx();\n"],
    [
      'subgraphs/wallet/src/planted.graphql.ts',
      "import { Schema } from 'mongoose';\nnew Schema();\n",
    ],
    ['packages/ledger/src/planted.ts', "import { x } from '@7pay/wallet';\nx();\n"],
    ['gateway/src/planted.ts', "import { x } from '@7pay/identity';\nx();\n"],
    ['identity/src/planted.ts', "import { x } from '@7pay/gateway';\nx();\n"],
    ['apps/wallet/src/planted.ts', "import { x } from '@7pay/ledger';\nx();\n"],
  ];
  it('in oxlint: each planted breach is an error, in a copy of the settings', () => {
    const folder = mkdtempSync(path.join(tmpdir(), '7pay-lint-'));
    try {
      copyFileSync('.oxlintrc.json', path.join(folder, '.oxlintrc.json'));
      for (const [index, [file, source]] of planted.entries()) {
        const target = path.join(folder, file.replace('planted', `planted-${index}`));
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, source);
      }
      const { stdout } = spawnSync(
        path.resolve('node_modules/.bin/oxlint'),
        ['--format=unix', '.'],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
      const silent = planted.filter((_, index) => !stdout.includes(`planted-${index}.`));
      expect(silent).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
