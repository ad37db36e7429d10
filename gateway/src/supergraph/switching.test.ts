import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@7pay/testing';
import type { JWK } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { EXECUTORS, type ExecutorName } from '../config.ts';
import { compose } from '../executor/testing/test-graph.ts';
import { digestOf } from './signed-supergraph.ts';
import { followedGateway } from './testing/followed-gateway.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const graphOf = (name: string): string => compose({ [name]: 'type Query { who: String! }' });
const documents = [{ name: 'app/Who', text: '{ who __typename }' }];
const [a, b] = [graphOf('a'), graphOf('b')];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function whoGateway(executor: ExecutorName) {
  const gateway = await followedGateway({
    first: a,
    documents,
    executor,
    reach: async ({ subgraph }) => {
      await wait(1);
      return { data: { who: subgraph } };
    },
  });
  closing.push(() => gateway.stop());
  await gateway.publish(a);
  await gateway.publish(b);
  return gateway;
}

const answerOf = (name: string) => ({ data: { who: name, __typename: 'Query' } });

describe('the pointer is followed', () => {
  it.each([
    ['own', 100],
    ['stock', 10],
  ] as const)(
    'by the %s executor, %i times under load: no request fails, no answer is wrong',
    async (executor, switches) => {
      const gateway = await whoGateway(executor);
      const wrong: unknown[] = [];
      let right = 0;
      let isOver = false;
      const delay = monitorEventLoopDelay({ resolution: 5 });
      const worker = async () => {
        while (!isOver) {
          const text = JSON.stringify(
            await gateway.ask('{ who __typename }').catch((error: unknown) => String(error)),
          );
          if (/^\{"data":\{"who":"[ab]","__typename":"Query"\}\}$/.test(text)) right += 1;
          else wrong.push(text);
          await wait(10); // leaves some of the machine to the thread, and to the tests beside
        }
      };
      const workers = Array.from({ length: 4 }, worker);
      await wait(200);
      delay.enable();
      for (let index = 0; index < switches; index += 1) {
        const [name, sdl] = index % 2 ? (['a', a] as const) : (['b', b] as const);
        await gateway.switchTo(sdl);
        expect(await gateway.ask('{ who __typename }')).toEqual(answerOf(name));
      }
      delay.disable();
      isOver = true;
      await Promise.all(workers);
      print(`${executor}: ${switches} switches, ${right} answers right`, delay);
      expect(wrong).toEqual([]);
      expect(right).toBeGreaterThan(switches);
      expect(gateway.refusals).toEqual([]);
    },
    120_000,
  );
});

describe('the one before serves on', () => {
  const stranger = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as JWK;
  type Followed = Awaited<ReturnType<typeof whoGateway>>;
  const file = ({ folder }: Followed, suffix: string) =>
    path.join(folder, `${digestOf(b)}.${suffix}`);

  const bad: readonly (readonly [string, RegExp, (gateway: Followed) => Promise<string>])[] = [
    [
      'unsigned',
      /UNSIGNED/,
      async (gateway) => {
        writeFileSync(file(gateway, 'signature.json'), '');
        return b;
      },
    ],
    [
      'tampered with',
      /TAMPERED/,
      async (gateway) => {
        writeFileSync(file(gateway, 'graphql'), `${b}\n`);
        return b;
      },
    ],
    [
      'signed by a stranger',
      /WRONG_SIGNATURE/,
      async (gateway) => {
        const other = graphOf('c');
        await gateway.publish(other, documents, stranger);
        return other;
      },
    ],
    [
      'not able to answer what is asked',
      /app\/Who: Cannot query field "who"/,
      async (gateway) => {
        const other = compose({ d: 'type Query { what: String! }' });
        await gateway.publish(other);
        return other;
      },
    ],
    [
      'not executed by us',
      /SECURITY|progressive|broken|Syntax|Unknown/,
      async (gateway) => {
        const other = `${b}\ntype Query2 { broken`;
        await gateway.publish(other);
        return other;
      },
    ],
  ];

  for (const executor of EXECUTORS) {
    it.each(bad)(
      `when another is %s (${executor}), and a good one is taken afterwards`,
      async (_, reason, prepare) => {
        const gateway = await whoGateway(executor);
        await gateway.point(await prepare(gateway));
        await eventually(async () => gateway.refusals.length > 0);
        await wait(450); // some polls more: it is told once
        expect(gateway.refusals.map(String)).toEqual([expect.stringMatching(reason)]);
        expect(await gateway.ask('{ who __typename }')).toEqual(answerOf('a'));
        expect(gateway.supergraphId()).toBe(digestOf(a).slice(0, 12));
        const good = graphOf('e');
        await gateway.publish(good);
        await gateway.switchTo(good);
        expect(await gateway.ask('{ who __typename }')).toEqual(answerOf('e'));
      },
    );
  }
});

describe('our own supergraph', () => {
  const real = readFileSync('gateway/supergraph.graphql', 'utf8');
  const asked = 'query Switch { switch(key: "payment") { key state } }';
  const answer = { data: { switch: { __typename: 'Switch', key: 'payment', state: 'OPEN' } } };

  it.each(EXECUTORS)(
    'is switched under load; the %s executor prints its stalls',
    async (name) => {
      const gateway = await followedGateway({
        first: real,
        documents: [{ name: 'app/Switch', text: asked }],
        executor: name,
        reach: async () => structuredClone(answer),
      });
      closing.push(() => gateway.stop());
      const expected = { data: { switch: { key: 'payment', state: 'OPEN' } } };
      const delay = monitorEventLoopDelay({ resolution: 5 });
      const versions = Array.from({ length: 3 }, (_, index) => `${real}\n# ${index}\n`);
      for (const sdl of versions) await gateway.publish(sdl);
      let isOver = false;
      const worker = async () => {
        while (!isOver) {
          expect(await gateway.ask(asked)).toEqual(expected);
          await wait(5);
        }
      };
      const workers = [worker(), worker()];
      await wait(300);
      delay.enable();
      for (const sdl of versions) await gateway.switchTo(sdl);
      delay.disable();
      isOver = true;
      await Promise.all(workers);
      print(`${name}: our own supergraph, ${versions.length} switches`, delay);
      expect(gateway.refusals).toEqual([]);
    },
    60_000,
  );
});

// Figures for whoever reads the run: a machine that is shared with others keeps no promise.
function print(what: string, delay: ReturnType<typeof monitorEventLoopDelay>): void {
  const ms = (nanoseconds: number) => `${(nanoseconds / 1e6).toFixed(0)} ms`;
  process.stdout.write(
    `${what}; longest stall ${ms(delay.max)}, p99 ${ms(delay.percentile(99))}\n`,
  );
}
