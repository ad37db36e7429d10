import { defineModel } from '@7pay/mongo';
import { testDatabase } from '@7pay/testing';
import type { Context } from 'koa';
import { Schema } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aheadOr, findAhead, readsAhead } from './read-ahead.ts';

interface Token {
  _id: string;
  memberId?: string;
  grantId?: string;
}
interface Row {
  _id: string;
  name: string;
}

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase('read_ahead');
  await tokens().create([
    { _id: 'tok_1', memberId: 'mem_1', grantId: 'gone' },
    { _id: 'tok_2', memberId: 'mem_1' },
  ]);
  await members().create([{ _id: 'mem_1', name: 'はな' }]);
});
afterAll(() => database.drop());

const tokenSchema = new Schema<Token>({ _id: String, memberId: String, grantId: String });
const rowSchema = new Schema<Row>({ _id: String, name: String });
const tokens = () => defineModel(database.connection, 'tokens', tokenSchema);
const members = () => defineModel(database.connection, 'members', rowSchema);
const grants = () => defineModel(database.connection, 'grants', rowSchema);

const find = (id: string) =>
  findAhead<Token>(tokens(), id, [
    { model: members(), id: 'memberId' },
    { model: grants(), id: 'grantId' },
  ]);
const inRequest = (method: string, path: string, work: () => Promise<void>) =>
  readsAhead({ method, path } as Context as never, work);

it('gives out what came along once, and null for what is not there; then it is read', async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { _id: 'mem_1', name: 'read' };
  };
  await inRequest('POST', '/token', async () => {
    expect(await find('tok_1')).toEqual({
      _id: 'tok_1',
      memberId: 'mem_1',
      grantId: 'gone',
      __v: 0,
    });
    expect(await aheadOr<Row>(members(), 'mem_1', read)).toMatchObject({ name: 'はな' });
    expect(await aheadOr<Row>(grants(), 'gone', read)).toBeNull();
    expect(reads).toBe(0);
    expect(await aheadOr<Row>(members(), 'mem_1', read)).toMatchObject({ name: 'read' });
    expect(reads).toBe(1);
  });
});

it('says nothing of what the document does not name', async () => {
  const read = async () => ({ _id: 'x', name: 'read' });
  await inRequest('POST', '/token', async () => {
    await find('tok_2');
    expect(await aheadOr<Row>(grants(), 'gone', read)).toMatchObject({ name: 'read' });
  });
});

it.each([
  ['GET', '/token'],
  ['POST', '/auth'],
  ['POST', '/token/introspection'],
])('keeps nothing for another request, nor for the next one: %s %s', async (method, path) => {
  const read = async () => ({ _id: 'mem_1', name: 'read' });
  await inRequest('POST', '/token', async () => void (await find('tok_1')));
  await inRequest(method, path, async () => {
    await find('tok_1');
    expect(await aheadOr<Row>(members(), 'mem_1', read)).toMatchObject({ name: 'read' });
  });
});

it('finds nothing for an id that nobody has', async () => {
  await inRequest('POST', '/token', async () => expect(await find('tok_0')).toBeNull());
});
