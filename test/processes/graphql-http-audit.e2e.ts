import { rmSync } from 'node:fs';
import path from 'node:path';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXECUTORS } from '../../gateway/src/config.ts';
import { bundle, run } from './program.ts';

// The audits ask for nothing that a subgraph would have to answer.
const SUPERGRAPH = 'gateway/supergraph.graphql';

const closing: (() => unknown)[] = [];
let out = '';

beforeAll(() => {
  out = bundle();
  closing.push(() => rmSync(out, { recursive: true, force: true }));
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

describe.each(EXECUTORS)('GraphQL over HTTP, audited by graphql-http, %s executor', (executor) => {
  let url = '';
  beforeAll(async () => {
    const program = run(path.join(out, 'gateway.js'), {
      PATH: path.dirname(process.execPath),
      SUPERGRAPH,
      PORT: '0',
      GATEWAY_AUDIT: '1',
      GATEWAY_EXECUTOR: executor,
    });
    closing.push(() => program.end('SIGTERM'));
    const port = /"port":(\d+)/.exec(await program.says(/audit\.listening/))?.[1];
    url = `http://127.0.0.1:${port}/graphql`;
  });
  const audits = serverAudits({ url: () => url });

  it('is 61 audits', () => expect(audits).toHaveLength(61));

  // A notice (MAY) and a warning (SHOULD) are no pass: only `ok` is.
  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    '%s %s',
    async (_id, _name, audit) => {
      const result = await audit.fn();
      expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
    },
  );
});
