import { setTimeout as wait } from 'node:timers/promises';
import { ApolloServer } from '@apollo/server';
import { type Log, silentLog } from '@7pay/telemetry';
import { eventually } from '@7pay/testing';
import { parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import type { GatewayContext } from '../gateway.ts';
import { deadlineIn } from '../reach/deadline.ts';
import type { Reach } from '../reach/reach.ts';
import { OwnGateway, type OwnGatewayOptions } from './own-gateway.ts';
import { ANYBODY, drive } from './testing/driver.ts';
import { compose } from './testing/test-graph.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const LINK = (version: string, names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v${version}", import: [${names}])\n`;
const KEY = LINK('2.8', '"@key"');

/** A graph whose only field is answered by a subgraph of this name. */
const graphOf = (name: string): string =>
  compose({
    [name]: `${KEY} type Query { who: String! } type User @key(fields: "id") { id: ID! }`,
  });

/** Opens reaches that answer with the name of their subgraph, and break once they are closed. */
function reaches() {
  const state = { open: 0, closed: 0, calledAfterClose: 0 };
  const openReach = (): Reach => {
    let isOpen = true;
    state.open += 1;
    return {
      call: async ({ subgraph }) => {
        if (!isOpen) state.calledAfterClose += 1;
        await wait(2);
        return { data: { who: subgraph } };
      },
      close: async () => {
        isOpen = false;
        state.closed += 1;
      },
    };
  };
  return { state, openReach };
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function updatable(first: string, options: Partial<OwnGatewayOptions> = {}) {
  let update = (_supergraph: string) => {};
  const { state, openReach } = reaches();
  const gateway = new OwnGateway({
    supergraphSdl: async (given) => {
      update = given.update;
      return { supergraphSdl: first };
    },
    openReach,
    deadlineMs: 50,
    log: silentLog,
    ...options,
  });
  return { gateway, state, update: (supergraph: string) => update(supergraph) };
}

const context = (): GatewayContext => ({
  viewer: ANYBODY,
  requestId: ANYBODY.requestId,
  deadline: deadlineIn(2_000),
  address: 'nowhere',
});

describe('a supergraph that is replaced', () => {
  it('sixty times under load: no answer is wrong, none fails, and old reaches are closed in time', async () => {
    const { gateway, state, update } = await updatable(graphOf('a'));
    const server = new ApolloServer<GatewayContext>({
      gateway,
      includeStacktraceInErrorResponses: false,
    });
    await server.start();
    const counts = { right: 0, wrong: 0 };
    let isOver = false;
    const worker = async () => {
      while (!isOver) {
        const contextValue = context();
        const { body } = await server.executeOperation(
          { query: '{ who __typename }' },
          { contextValue },
        );
        (contextValue.deadline as ReturnType<typeof deadlineIn>).close();
        const text = JSON.stringify(body.kind === 'single' ? body.singleResult : {});
        const isRight = /^\{"data":\{"who":"[ab]","__typename":"Query"\}\}$/.test(text);
        counts[isRight ? 'right' : 'wrong'] += 1;
      }
    };
    const workers = Array.from({ length: 16 }, worker);
    const graphs = [graphOf('b'), graphOf('a')];
    for (let index = 0; index < 60; index += 1) {
      update(graphs[index % 2] ?? '');
      await wait(5);
    }
    isOver = true;
    await Promise.all(workers);
    expect(counts.wrong).toBe(0);
    expect(counts.right).toBeGreaterThan(200);
    expect(state.open).toBe(61);
    await eventually(async () => state.closed === 60);
    expect(state.calledAfterClose).toBe(0);
    await server.stop();
    expect(state.closed).toBe(61);
  });

  it('does not touch a request of the one before: it is answered by the subgraphs of its own schema', async () => {
    const { gateway, update } = await updatable(graphOf('a'));
    const driver = await drive(gateway);
    closing.push(() => driver.stop());
    const schema = driver.schema();
    const document = parse('{ who }');
    update(graphOf('b'));
    expect(await driver.ask({ query: '{ who }', document, schema })).toEqual({
      data: { who: 'a' },
    });
    expect(await driver.ask({ query: '{ who }', document })).toEqual({ data: { who: 'b' } });
  });

  it('answers nothing to a schema that it never loaded', async () => {
    const driver = await drive((await updatable(graphOf('a'))).gateway);
    const other = await drive((await updatable(graphOf('a'))).gateway);
    closing.push(
      () => driver.stop(),
      () => other.stop(),
    );
    await expect(driver.ask({ query: '{ who }', schema: other.schema() })).rejects.toThrow(
      /never loaded/,
    );
  });
});

describe('the first supergraph, given with what is known to be asked of it', () => {
  const first = async (text: string) => {
    const told: unknown[] = [];
    const log: Log = { ...silentLog, error: (...each) => void told.push(each) };
    const { openReach } = reaches();
    const documents = [{ name: 'app/Who', text }];
    const supergraphSdl = { sdl: graphOf('a'), documents };
    const gateway = new OwnGateway({ supergraphSdl, openReach, deadlineMs: 50, log });
    const driver = await drive(gateway);
    closing.push(() => driver.stop());
    return { driver, gateway, told };
  };

  it('serves, plans in another thread and can be replaced', async () => {
    const { driver, gateway, told } = await first('{ who }');
    expect(await driver.ask({ query: '{ who }' })).toEqual({ data: { who: 'a' } });
    const unregistered = await driver.ask({ query: '{ who __typename }' });
    expect(unregistered).toEqual({ data: { who: 'a', __typename: 'Query' } });
    await gateway.replace({ sdl: graphOf('b'), documents: [] });
    expect(await driver.ask({ query: '{ who }' })).toEqual({ data: { who: 'b' } });
    expect(told).toEqual([]);
  });

  it('does not start when it cannot be executed, and says why', async () => {
    const { openReach } = reaches();
    const supergraphSdl = { sdl: 'type Query { broken', documents: [] };
    const gateway = new OwnGateway({ supergraphSdl, openReach, deadlineMs: 50, log: silentLog });
    await expect(gateway.load({ apollo: {} })).rejects.toThrow('Syntax Error');
  });

  it('serves the rest when one of them cannot be answered, and says which before it serves', async () => {
    const { driver, told } = await first('{ what }');
    expect(told).toMatchObject([
      ['operation.unanswerable', { cause: { message: expect.stringContaining('app/Who') } }],
    ]);
    expect(await driver.ask({ query: '{ who }' })).toEqual({ data: { who: 'a' } });
  });
});

describe('a supergraph that cannot be executed', () => {
  const override = compose({
    a: `${LINK('2.8', '"@key", "@shareable"')} type Query { who: String! user: User } type User @key(fields: "id") { id: ID! name: String }`,
    b: `${LINK('2.8', '"@key", "@override"')} type User @key(fields: "id") { id: ID! name: String @override(from: "a", label: "percent(5)") }`,
  });
  const fromContext = compose({
    a: `${LINK('2.8', '"@key", "@context", "@fromContext"')}
      type Query { who: String! user: User } type User @key(fields: "id") @context(name: "user") { id: ID! name: String! part: Part! }
      type Part @key(fields: "id") { id: ID! label(name: String @fromContext(field: "$user { name }")): String! }`,
    b: `${KEY} type Query { x: String } type User @key(fields: "id") { id: ID! }`,
  });

  it.each([
    ['progressive @override', override],
    ['@fromContext', fromContext],
    ['nonsense', 'type Query { broken'],
  ])('with %s is refused, and the one before serves on', async (_, supergraph) => {
    const { gateway, state, update } = await updatable(graphOf('a'));
    const driver = await drive(gateway);
    closing.push(() => driver.stop());
    try {
      update(supergraph);
    } catch {
      // what cannot be parsed is refused before it comes to us
    }
    expect(await driver.ask({ query: '{ who }' })).toEqual({ data: { who: 'a' } });
    expect(state.closed).toBe(0);
  });

  it('is told when it is the first', async () => {
    const told: string[] = [];
    const log: Log = { ...silentLog, error: (event) => void told.push(event) };
    const { gateway } = await updatable(override, { log });
    closing.push(() => gateway.stop());
    await expect(gateway.load({ apollo: {} })).rejects.toThrow(
      /progressive @override is not executed/,
    );
    expect(told).toEqual(['supergraph.refused']);
  });
});
