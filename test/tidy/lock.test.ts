import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockEntry>;
};
const entries = Object.entries(lock.packages);

describe('the lock', () => {
  it('has an entry for each platform’s binary of each package, so that npm ci works everywhere', () => {
    const missing = entries.flatMap(([at, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(at, name))
        .map((name) => `${at} → ${name}`),
    );
    expect(entries.length).toBeGreaterThan(400);
    expect(missing).toEqual([]);
  });

  it('names no address and has an integrity for each package', () => {
    const addresses = entries.filter(
      ([, { resolved }]) => resolved !== undefined && /^https?:/.test(resolved),
    );
    expect(addresses.map(([at]) => at)).toEqual([]);
    const unsafe = entries.filter(
      ([at, { link, integrity }]) =>
        at.startsWith('node_modules/') && !link && integrity === undefined,
    );
    expect(unsafe.map(([at]) => at)).toEqual([]);
  });

  it('holds one copy of graphql', () => {
    const copies = entries.filter(([at]) => at.endsWith('node_modules/graphql')).map(([at]) => at);
    expect(copies).toEqual(['node_modules/graphql']);
  });
});

// A guest of the bench, installed by itself: `npm ci --prefix bench/hive`.
it('the lock of Hive Gateway names no address and has an integrity for each package', () => {
  const guest = JSON.parse(readFileSync('bench/hive/package-lock.json', 'utf8')) as typeof lock;
  const installed = Object.entries(guest.packages).filter(([at]) => at !== '');
  const wrong = installed.filter(
    ([, { resolved, integrity }]) => resolved !== undefined || integrity === undefined,
  );
  expect(installed.length).toBeGreaterThan(100);
  expect(wrong.map(([at]) => at)).toEqual([]);
  expect(Object.keys(lock.packages).filter((at) => at.includes('graphql-hive'))).toEqual([]);
});

describe('the workspaces', () => {
  const manifests = [
    'package.json',
    ...globSync('{gateway,identity,{packages,subgraphs,apps}/*,test/platform}/package.json'),
    'bench/hive/package.json',
  ];

  it('pin every dependency exactly', () => {
    const loose = manifests.flatMap((file) => {
      const {
        dependencies = {},
        devDependencies = {},
        optionalDependencies = {},
      } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => `${file}: ${name} ${version}`);
    });
    expect(manifests.length).toBeGreaterThan(20);
    expect(loose).toEqual([]);
  });
});

function isLocked(at: string, name: string): boolean {
  for (let folder = at; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    const entry = lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (entry?.version !== undefined) return true;
    if (folder === '') return false;
    if (!folder.includes('/node_modules/')) folder = '/node_modules/';
  }
}
