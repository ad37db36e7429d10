import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { closeServer, listen } from '@7pay/graphql';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, type GraphQLSchema, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, run } from './program.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@external", "@requires"])\n';
const BOOKS = [1, 2, 3].map((id) => ({ id: String(id), title: `Book ${id}`, pages: id * 100 }));
type Row = Readonly<Record<string, unknown>>;

const GRAPHS = {
  books: {
    sdl: `${LINK} type Query { books(first: Int = 3): [Book!]! fails: String }
      type Mutation { rename(id: ID!, title: String!): Book }
      type Book @key(fields: "id") { id: ID! title: String! pages: Int! }`,
    resolvers: {
      Query: {
        books: (_: unknown, { first }: { first: number }) => BOOKS.slice(0, first),
        fails: () => {
          throw new Error('the cellar is on fire');
        },
      },
      Mutation: {
        rename: (_: unknown, { id, title }: { id: string; title: string }) =>
          Object.assign({}, BOOKS[Number(id) - 1], { title }),
      },
      Book: { __resolveReference: ({ id }: Row) => BOOKS[Number(id) - 1] },
    },
  },
  stock: {
    sdl: `${LINK} type Query { ping: String }
      type Book @key(fields: "id") { id: ID! pages: Int! @external inStock: Int! weight: Int! @requires(fields: "pages") }`,
    resolvers: {
      Book: {
        __resolveReference: (book: Row) => book,
        inStock: ({ id }: Row) => Number(id) * 10,
        weight: ({ pages }: Row) => Number(pages) * 4,
      },
    },
  },
} as const;

const heard: IncomingHttpHeaders[] = [];
const folder = mkdtempSync(path.join(tmpdir(), '7pay-audit-'));
const file = path.join(folder, 'supergraph.graphql');
const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
let out = '';

beforeAll(async () => {
  out = bundle();
  closing.push(() => rmSync(out, { recursive: true, force: true }));
  const services = await Promise.all(
    Object.entries(GRAPHS).map(async ([name, { sdl, resolvers }]) => {
      const typeDefs = parse(sdl);
      // Under a path of its own, as the suites have them, and nowhere else.
      const url = await serveAt(`/${name}/graph`, {
        schema: buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]),
      });
      return { name, typeDefs, url };
    }),
  );
  const { supergraphSdl } = composeServices(services);
  writeFileSync(file, supergraphSdl ?? '');
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

async function serveAt(at: string, { schema }: { schema: GraphQLSchema }): Promise<string> {
  const server = createServer((request, response) => {
    heard.push(request.headers);
    void text(request).then(async (body) => {
      const { query, variables } = JSON.parse(body) as { query: string; variables: Row };
      const answer = await graphql({ schema, source: query, variableValues: variables });
      response.writeHead(request.url === at ? 200 : 404, { 'content-type': 'application/json' });
      response.end(request.url === at ? JSON.stringify(answer) : '');
    });
  });
  const port = await listen(server, 0);
  closing.push(() => closeServer(server));
  return `http://127.0.0.1:${port}${at}`;
}

async function audited(env: Readonly<Record<string, string>>) {
  const program = run(path.join(out, 'gateway.js'), {
    PATH: path.dirname(process.execPath),
    SUPERGRAPH: file,
    PORT: '0',
    GATEWAY_AUDIT: '1',
    ...env,
  });
  closing.push(() => program.end('SIGKILL'));
  const port = /"port":(\d+)/.exec(await program.says(/audit\.listening/))?.[1] ?? '';
  const ask = async (query: string, variables = {}): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer of-some-suite' },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  };
  return { program, port, ask };
}

describe.each(['own', 'stock'])('the gateway for audits, %s executor', (executor) => {
  it('answers federated queries from the file and its URLs, without tokens and limits', async () => {
    const { program, port, ask } = await audited({ GATEWAY_EXECUTOR: executor });
    heard.length = 0;
    expect(await ask('{ books(first: 2) { title inStock weight } }')).toEqual({
      data: {
        books: [
          { title: 'Book 1', inStock: 10, weight: 400 },
          { title: 'Book 2', inStock: 20, weight: 800 },
        ],
      },
    });
    const rename = 'mutation($id: ID!) { rename(id: $id, title: "New") { title inStock } }';
    expect(await ask(rename, { id: '3' })).toEqual({
      data: { rename: { title: 'New', inStock: 30 } },
    });
    const aliases = Array.from({ length: 200 }, (_, index) => `a${index}: id`).join(' ');
    expect(JSON.stringify(await ask(`{ books(first: 1) { ${aliases} } }`))).toContain('"a199":"1"');
    expect(await ask('{ __schema { queryType { name } } }')).toEqual({
      data: { __schema: { queryType: { name: 'Query' } } },
    });
    expect(await ask('{ fails }')).toMatchObject({ data: { fails: null }, errors: [{}] });
    expect(heard.length).toBeGreaterThan(3);
    expect(heard.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    expect(await health.json()).toEqual({
      status: 'up',
      supergraph: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect(await program.end('SIGTERM')).toBe(0);
  });
});

describe('the gateway for audits', () => {
  it('does not start in production', async () => {
    const program = run(path.join(out, 'gateway.js'), {
      SUPERGRAPH: file,
      GATEWAY_AUDIT: '1',
      NODE_ENV: 'production',
    });
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain('NODE_ENV');
  });

  it('does not start by any other word', async () => {
    const program = run(path.join(out, 'gateway.js'), { SUPERGRAPH: file, GATEWAY_AUDIT: 'true' });
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain('GATEWAY_AUDIT');
  });

  it('listens on loopback alone', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal);
    const { port } = await audited({});
    if (!outside) return; // a machine without a network
    await expect(fetch(`http://${outside.address}:${port}/health`)).rejects.toThrow();
  });
});
