import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsIn, sourceFiles, workspaceOf } from './source-files.ts';

// What a workspace uses without importing it: files that are served as they are, types of another package.
const USED_OTHERWISE = new Set([
  'graphiql',
  'react',
  'react-dom',
  '@types/oidc-provider',
  '@simplewebauthn/browser',
  '@expo-google-fonts/noto-sans-jp',
]);
// The test tools stand in the root's manifest, for all.
const OF_THE_ROOT = new Set(['vitest', 'fast-check']);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('each workspace', () => {
  const files = sourceFiles().filter(
    (file) => !/^(bench|test)\//.test(file) || file.startsWith('test/platform/'),
  );
  const workspaces = [...new Set(files.map(workspaceOf))];

  it.each(workspaces)('%s declares what it imports, and nothing else', (workspace) => {
    const manifest = JSON.parse(readFileSync(`${workspace}/package.json`, 'utf8')) as Manifest;
    const declared = new Set(
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
    );
    const imported = new Set(
      files
        .filter((file) => workspaceOf(file) === workspace)
        .flatMap((file) => importsIn(file))
        .map(({ to }) => to)
        .filter(
          (to) => !/^(node:|virtual:|[\w-]+\/src\/|(packages|subgraphs|apps|test)\/)/.test(to),
        )
        .map(packageOf),
    );
    const missing = [...imported].filter(
      (name) => !declared.has(name) && !OF_THE_ROOT.has(name) && name !== manifest.name,
    );
    const unused = [...declared].filter((name) => !imported.has(name) && !USED_OTHERWISE.has(name));
    expect({ missing, unused }).toEqual({ missing: [], unused: [] });
  });
});
