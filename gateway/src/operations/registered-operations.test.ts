import { describe, expect, it } from 'vitest';
import { anonymousViewer, memberViewer } from '../testing/viewers.ts';
import { send } from '../testing/raw-request.ts';
import { smallGateway } from '../testing/small-gateway.ts';
import {
  digestOf,
  type OperationsManifest,
  readManifest,
  registeredOperations,
} from './registered-operations.ts';

const HOME = 'query Home { hello }';
const MOVE = 'mutation Move { rename(id: 1, name: "x") }';
const OTHER = 'query Other { me { id } }';
const under = (...texts: string[]) =>
  Object.fromEntries(texts.map((text) => [digestOf(text), text]));
const manifest: OperationsManifest = { app: under(HOME, MOVE), console: under(OTHER) };
const app = memberViewer('mem_1', 'app');
const terminal = { ...anonymousViewer('terminal-1'), kind: 'terminal' } as never;

describe('in production, an operation', () => {
  const resolve = registeredOperations(manifest, { strict: true });
  const code = (...[asked, viewer]: Parameters<typeof resolve>) => {
    const answer = resolve(asked, viewer);
    return 'fault' in answer ? answer.fault.extensions['code'] : answer.query;
  };
  const REFUSED = 'OPERATION_NOT_REGISTERED';

  it.each([
    ['by its digest', { documentId: digestOf(HOME) }, app, HOME],
    ['in full', { query: HOME }, app, HOME],
    ['in full with its digest', { query: HOME, documentId: digestOf(HOME) }, app, HOME],
    ['of any client by nobody', { query: OTHER }, anonymousViewer(), OTHER],
    [
      'of any client by a digest of nobody',
      { documentId: digestOf(MOVE) },
      anonymousViewer(),
      MOVE,
    ],
    ['of its own by a terminal, which is no public client', { query: '{ x }' }, terminal, '{ x }'],
  ])('is taken %s', (_, asked, viewer, expected) => expect(code(asked, viewer)).toBe(expected));

  it.each([
    ['one space longer', { query: `${HOME} ` }, app],
    ['of another client', { query: OTHER }, app],
    ['of another client, by digest', { documentId: digestOf(OTHER) }, app],
    ['under the digest of another', { query: HOME, documentId: digestOf(MOVE) }, app],
    ['of nobody by nobody', { query: '{ hello }' }, anonymousViewer()],
    ['of a client that registered nothing', { query: HOME }, memberViewer('mem_1', 'partner')],
    ['of a client with a strange name', { query: HOME }, memberViewer('mem_1', '__proto__')],
    ['of an unknown digest', { documentId: '0'.repeat(64) }, app],
  ])('is refused when it is %s', (_, asked, viewer) => expect(code(asked, viewer)).toBe(REFUSED));
});

describe('in development, an operation', () => {
  const resolve = registeredOperations(manifest, { strict: false });

  it('may be any, and is known by digest to everybody', () => {
    expect(resolve({ query: '{ x }' }, app)).toEqual({ query: '{ x }' });
    expect(resolve({ documentId: digestOf(OTHER) }, app)).toEqual({ query: OTHER });
    expect(resolve({ documentId: '0'.repeat(64) }, app)).toHaveProperty('fault');
    expect(resolve({ query: '{ x }', documentId: digestOf(HOME) }, app)).toHaveProperty('fault');
  });
});

describe('a manifest', () => {
  it('is read when each digest is that of its document', () => {
    expect(readManifest(JSON.stringify(manifest))).toEqual(manifest);
    const forged = { app: { [digestOf(HOME)]: MOVE } };
    expect(() => readManifest(JSON.stringify(forged))).toThrow(
      /app [0-9a-f]{64} is not the digest/,
    );
  });
});

describe('a gateway in production', () => {
  it('does not open without a manifest', async () => {
    await expect(smallGateway({ production: true })).rejects.toThrow(/operations/);
  });

  it('answers what is registered, by either name of a digest, and nothing else', async () => {
    const gateway = await smallGateway({
      production: true,
      operations: manifest,
      readViewer: async () => app,
    });
    const ask = async (body: unknown) => {
      const { status, text } = await send(gateway.port, '/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
        },
        chunks: [JSON.stringify(body)],
      });
      return [status, JSON.parse(text)];
    };
    const persistedQuery = { version: 1, sha256Hash: digestOf(HOME) };
    for (const body of [
      { query: HOME },
      { documentId: digestOf(HOME) },
      { documentId: `sha256:${digestOf(HOME)}` },
      { extensions: { persistedQuery } },
      { query: HOME, extensions: { persistedQuery } },
    ]) {
      expect(await ask(body)).toEqual([200, { data: { hello: 'hello' } }]);
    }
    const calls = gateway.calls.length;
    const refused = {
      errors: [
        {
          message: 'This operation is not registered for this client.',
          extensions: { code: 'OPERATION_NOT_REGISTERED' },
        },
      ],
    };
    expect(await ask({ query: '{ hello }' })).toEqual([400, refused]);
    expect(await ask({ query: 'not even GraphQL' })).toEqual([400, refused]);
    expect(await ask({ query: OTHER })).toEqual([400, refused]);
    expect(gateway.calls).toHaveLength(calls);
    await gateway.stop();
  });
});
