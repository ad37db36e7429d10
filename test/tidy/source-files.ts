import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** One import of a source file. */
export interface Import {
  readonly from: string;
  /** The file it means, or the name of the package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Our TypeScript sources, as paths from the root. Folders that are built or ignored are left out. */
export function sourceFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], {
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  });
  return listed
    .split('\n')
    .filter((file) =>
      /^(gateway|identity|subgraphs|packages|apps|test|bench|examples)\//.test(file),
    )
    .filter((file) => existsSync(file));
}

export const isTest = (file: string): boolean =>
  /\.(test|e2e|prop)\.tsx?$/.test(file) ||
  /\/(testing|support)\//.test(file) ||
  file.startsWith('test/');

/** The imports of a source text. Re-exports count as imports, and so do those that are made when they are needed. */
export function importsIn(file: string, source = readFileSync(file, 'utf8')): Import[] {
  const pattern = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
  const found: Import[] = [];
  const to = (specifier: string) =>
    specifier.startsWith('.')
      ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier))
      : specifier;
  for (const [text, typeWord, specifier] of source.matchAll(pattern)) {
    if (specifier === undefined) continue;
    // `import { type A, type B }` brings no value either
    const names = /\{([^}]*)\}/.exec(text)?.[1];
    const onlyTypes = names?.split(',').every((name) => /^\s*(type\s|$)/.test(name)) ?? false;
    found.push({ from: file, to: to(specifier), typeOnly: typeWord !== undefined || onlyTypes });
  }
  for (const [, specifier = ''] of source.matchAll(/(?<!typeof )\bimport\('([^']+)'\)/g)) {
    found.push({ from: file, to: to(specifier), typeOnly: false });
  }
  return found;
}

/** The workspace that a file belongs to, such as `subgraphs/wallet`. */
export function workspaceOf(file: string): string {
  const [first, second] = file.split('/');
  return first === 'gateway' || first === 'identity' ? first : `${first}/${second}`;
}

/** Whether a path is there and is a file. */
export const isFile = (file: string): boolean => existsSync(file) && statSync(file).isFile();
