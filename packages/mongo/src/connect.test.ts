import { createServer } from 'node:net';
import { type TestDatabase, testDatabase } from '@7pay/testing';
import { Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, DatabaseUnreachable, withoutCredentials } from './connect.ts';
import { defineModel } from './define-model.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('connect');
});
afterAll(() => database.drop());

const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe('connecting', () => {
  it('to nobody fails in time, in words that name the place and hold no password', async () => {
    const port = await closedPort();
    const start = performance.now();
    const error: unknown = await connect(`mongodb://app:s3cret-word@127.0.0.1:${port}/x`, {
      timeoutMs: 200,
    }).catch((reason: unknown) => reason);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(error).toBeInstanceOf(DatabaseUnreachable);
    const { message } = error as Error;
    expect(message).toContain(`mongodb://127.0.0.1:${port}/x`);
    expect(message).toContain('MONGODB_URI');
    expect(message).not.toMatch(/s3cret-word|app:/);
  });

  it.each([
    ['mongodb://u:p@h1:1,h2:2/db?replicaSet=rs0', 'mongodb://h1:1,h2:2/db?replicaSet=rs0'],
    ['mongodb+srv://u:p%40ss@cluster.example/db', 'mongodb+srv://cluster.example/db'],
    ['mongodb://h1:1/db', 'mongodb://h1:1/db'],
    ['mongodb://u:p@ss/w?rd@h1:1/db', 'mongodb://h1:1/db'],
    ['u:p@h1:1/db', 'h1:1/db'],
  ])('shows %s without its user', (uri, shown) => {
    expect(withoutCredentials(uri)).toBe(shown);
  });

  it('asks for majority, journalled writes and majority reads', () => {
    const { writeConcern, readConcern } = database.connection.getClient().options;
    expect(writeConcern).toMatchObject({ w: 'majority', journal: true });
    expect(readConcern).toMatchObject({ level: 'majority' });
  });

  it('makes no collection by itself, which would stand there without its validator', async () => {
    defineModel(database.connection, 'made_by_nobody', new Schema({ amount: BigInt }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const names = (await database.connection.listCollections()).map(({ name }) => name);
    expect(names).not.toContain('made_by_nobody');
  });

  it('tells of each command by its collection', async () => {
    const told: [string, number][] = [];
    const connection = await connect(database.uri, {
      dbName: database.dbName,
      onCommand: (name, milliseconds) => told.push([name, milliseconds]),
    });
    await connection.collection('told').countDocuments();
    await connection.close();
    expect(told.map(([name]) => name)).toContain('told');
    expect(told.every(([, milliseconds]) => milliseconds >= 0)).toBe(true);
  });

  it('gives the same model when a service is opened twice on a connection', () => {
    const schema = new Schema({ name: String });
    const first = defineModel(database.connection, 'same', schema);
    expect(defineModel(database.connection, 'same', schema)).toBe(first);
  });
});
