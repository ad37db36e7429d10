import { type Import, isTest, workspaceOf } from './source-files.ts';

const SERVICES = new Set(
  ['wallet', 'merchant', 'points', 'refund', 'operations', 'identity', 'gateway', 'platform'].map(
    (name) => `@7pay/${name}`,
  ),
);

/** Which rule an import breaks, in words; nothing if it breaks none. */
export function breach({ from, to, typeOnly }: Import): string | undefined {
  if (from.startsWith('examples/') && /^(@7pay\/|\.\.)|^(?!examples\/)\w+\/.*\.tsx?$/.test(to)) {
    return 'an example stands alone: somebody else copies it';
  }
  if (to.startsWith('examples/') && !from.startsWith('examples/')) {
    return 'nothing of ours needs an example';
  }
  const inSubgraph = from.startsWith('subgraphs/');
  const name = workspaceOf(from).split('/').at(-1);
  const own = from.startsWith('apps/') ? `@7pay/${name}-app` : `@7pay/${name}`;
  if (!isOutside(from) && SERVICES.has(to) && to !== own) {
    return 'services are imported by the platform alone';
  }
  if (
    !to.startsWith('@') &&
    to.includes('/') &&
    workspaceOf(to) !== workspaceOf(from) &&
    isOurs(to)
  ) {
    if (!isOutside(from)) return 'other workspaces are reached by their name';
  }
  // The build settings of the pages are shared by a second, declared door.
  if (/^@7pay\/[\w-]+\//.test(to) && to !== '@7pay/ui/vite-app') return 'a package has one door';
  if (isTest(from)) return undefined;
  if (inSubgraph && to === 'mongoose' && !typeOnly && !from.endsWith('.store.ts')) {
    return 'mongoose stays in *.store.ts';
  }
  if (
    (inSubgraph || from.startsWith('identity/')) &&
    to === 'type-graphql' &&
    !from.endsWith('.graphql.ts')
  ) {
    return 'type-graphql stays in *.graphql.ts';
  }
  return undefined;
}

// Programs that look at everything from outside.
const isOutside = (file: string): boolean => /^(test|bench|soak)\//.test(file);

const isOurs = (file: string): boolean =>
  /^(gateway|identity|subgraphs|packages|apps)\//.test(file);

/** A cycle among value imports, as the files on it; nothing if there is none. */
export function findCycle(imports: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) {
    if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const to of next.get(file) ?? []) {
      const cycle = walk(to, [...trail, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}
