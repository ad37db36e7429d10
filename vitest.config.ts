import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// graphql 16 has two builds and no `exports`: vite would take one and the packages the other, and a schema of one
// is none to the other. Everybody takes the build that node takes.
const alias = [
  { find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql/index.js')) },
];
const common = {
  pool: 'forks',
  globalSetup: './packages/testing/src/global-setup.ts',
} as const;

export default defineConfig({
  test: {
    reporters: ['default', './tools/closing-line.ts'],
    allowOnly: false, // one left behind would leave out all others of its file
    maxWorkers: 3, // most tests wait for a database, a browser or a clock
    projects: [
      {
        resolve: { alias },
        test: {
          ...common,
          name: 'unit',
          include: [
            '{gateway,identity}/src/**/*.test.{ts,tsx}',
            '{subgraphs,packages,apps}/*/src/**/*.test.{ts,tsx}',
            'test/{tidy,platform}/**/*.test.ts',
          ],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          ...common,
          name: 'platform',
          include: ['test/{access,journeys,incident-2019,processes,browser}/**/*.e2e.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
