// Bundles our own TypeScript (decorators included) for node; npm packages stay outside.
import { existsSync, readdirSync } from 'node:fs';

const services = [
  'gateway',
  'identity',
  ...readdirSync('subgraphs').map((name) => `subgraphs/${name}`),
];
const candidates = {
  platform: 'test/platform/src/main.ts',
  processes: 'test/platform/src/processes.ts',
  doctor: 'test/platform/src/doctor.ts',
  bench: 'bench/main.ts',
  soak: 'soak/main.ts',
  'ledger-worker': 'soak/ledger-worker.ts',
  'settlement-worker': 'test/processes/settlement-worker.ts',
  compat: 'packages/embedded-mongo/src/compat/main.ts',
  'load-worker': 'bench/load-worker.ts',
  'stock-gateway': 'bench/stock-gateway.ts',
  'bare-gateway': 'bench/bare-gateway.ts',
  'made-up-subgraphs': 'bench/made-up-subgraphs.ts',
  'floor-gateway': 'bench/floor-gateway.ts',
  'local-gateway': 'bench/local-gateway.ts',
  'replay-subgraphs': 'bench/replay-subgraphs.ts',
  'identity-server': 'bench/identity-server.ts',
  'identity-flooder': 'bench/identity-flooder.ts',
  schema: 'test/platform/src/schema/main.ts',
  docs: 'test/platform/src/docs.ts',
  ledger: 'test/platform/src/ledger/main.ts',
  'identity-audit': 'test/platform/src/identity-audit.ts',
  'audit-worker': 'test/processes/audit-worker.ts',
  'planner-thread': 'gateway/src/executor/planner-thread.ts',
  'password-thread': 'identity/src/password/password-thread.ts',
  breached: 'identity/src/password/make-breached-file.ts',
  sandbox: 'packages/sandbox/src/main.ts',
  'embedded-mongo': 'packages/embedded-mongo/src/cli/main.ts',
  ...Object.fromEntries(services.map((path) => [path.split('/').at(-1), `${path}/src/main.ts`])),
};

export default {
  input: Object.fromEntries(Object.entries(candidates).filter(([, file]) => existsSync(file))),
  platform: 'node',
  tsconfig: './tsconfig.base.json',
  external: (id) => !/^(\.|\/|\0|@7pay\/|@oxc-project\/)/.test(id),
  output: {
    dir: 'out',
    format: 'esm',
    sourcemap: true,
    cleanDir: true,
    entryFileNames: '[name].js',
  },
};
