import { defineConfig } from 'vitest/config';


export default defineConfig({
  test: {
    reporters: ['default', './tools/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{gateway,identity}/src/**/*.test.{ts,tsx}',
            '{subgraphs,packages,apps}/*/src/**/*.test.{ts,tsx}',
            'test/{tidy,platform}/**/*.test.ts',
          ],
          pool: 'forks',
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'platform',
          include: ['test/{journeys,incident-2019,processes,browser}/**/*.e2e.ts'],
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

