import { defineModel } from '@7pay/mongo';
import { testDatabase } from '@7pay/testing';
import type { Context } from 'koa';
import { Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aheadOr, allAheadOr, findAhead, readsAhead, seekAhead, soughtOr } from './read-ahead.ts';

interface Token {
  _id: string;
  memberId?: string;
  memberIds?: string[];
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
    { _id: 'tok_3', memberIds: ['mem_1', 'mem_2', 'gone'] },
  ]);
  await members().create([
    { _id: 'mem_1', name: 'はな' },
    { _id: 'mem_2', name: 'たろう' },
  ]);
});
afterAll(() => database.drop());

const tokenSchema = new Schema<Token>({
  _id: String,
  memberId: String,
  memberIds: { type: [String], default: undefined },
  grantId: String,
});
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

describe('a list of ids', () => {
  const findList = () =>
    findAhead<Token>(tokens(), 'tok_3', [{ model: members(), id: 'memberIds' }]);
  const read = async (): Promise<Row[]> => [{ _id: 'read', name: 'read' }];
  const namesOf = async (ids: string[]) =>
    (await allAheadOr<Row>(members(), ids, read)).map(({ name }) => name);

  it('comes along as well, and what of it is not there is left out', async () => {
    await inRequest('GET', '/auth/abc', async () => {
      await findList();
      expect(await namesOf(['gone', 'mem_2', 'mem_1'])).toEqual(['たろう', 'はな']);
      expect(await namesOf(['mem_1'])).toEqual(['read']);
    });
  });

  it('is read where one of them did not come along', async () => {
    await inRequest('GET', '/auth/abc', async () => {
      await findList();
      expect(await namesOf(['mem_1', 'mem_3'])).toEqual(['read']);
      expect(await namesOf(['mem_1'])).toEqual(['はな']);
    });
  });
});

describe('what is sought by another field', () => {
  const read = async () => ({ _id: 'read', name: 'read' });
  const named = (value: string) => ({ model: members(), field: 'name', value });
  const login = (work: () => Promise<void>) => inRequest('POST', '/interaction/abc/login', work);

  it('comes with the next document, once, and that is as it is kept', async () => {
    await login(async () => {
      seekAhead(named('たろう'));
      seekAhead(named('nobody'));
      expect(await find('tok_2')).toEqual({ _id: 'tok_2', memberId: 'mem_1', __v: 0 });
      expect(await soughtOr<Row>(named('たろう'), read)).toMatchObject({ _id: 'mem_2' });
      expect(await soughtOr<Row>(named('nobody'), read)).toBeNull();
      expect(await soughtOr<Row>(named('たろう'), read)).toMatchObject({ _id: 'read' });
      await find('tok_1');
      expect(await soughtOr<Row>(named('nobody'), read)).toMatchObject({ _id: 'read' });
    });
  });

  it('is a value and no expression, whatever somebody typed', async () => {
    await login(async () => {
      seekAhead(named('$name'));
      await find('tok_2');
      expect(await soughtOr<Row>(named('$name'), read)).toBeNull();
    });
  });

  it('is read where nothing is read ahead, and in the next request', async () => {
    await login(async () => seekAhead(named('たろう')));
    await inRequest('POST', '/token/introspection', async () => {
      seekAhead(named('たろう'));
      await find('tok_2');
      expect(await soughtOr<Row>(named('たろう'), read)).toMatchObject({ _id: 'read' });
    });
  });
});
