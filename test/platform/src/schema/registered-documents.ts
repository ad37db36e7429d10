import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RegisteredDocument } from '@7pay/gateway';
import { FACES } from '../operations-manifest.ts';

/** What is asked of the graph by the apps, and in the examples of the documents. */
export const registeredDocuments = (root: string): readonly RegisteredDocument[] => [
  ...Object.entries(FACES).flatMap(([app, operations]) =>
    Object.values(operations).map(({ name, text }) => ({ name: `${app}/${name}`, text })),
  ),
  ...globSync('{README.md,docs/*.md,docs/flows/*.md}', { cwd: root })
    .sort()
    .flatMap((page) => examplesIn(page, readFileSync(path.join(root, page), 'utf8'))),
];

/** The operations that a page shows. */
export const examplesIn = (page: string, text: string): RegisteredDocument[] =>
  [...text.matchAll(/^ *```graphql\n([\s\S]*?)^ *```/gm)].map(([, example = ''], index) => ({
    name: `${page}#${index + 1}`,
    text: example,
  }));
