import type { ChangeStream, Collection, Db, Document } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestEngine } from '../testing/engine.ts';

let engine: TestEngine;
let db: Db;
let photos: Collection<Document>;

const MEGABYTES = 9;
const image = (letter: string): string => letter.repeat(MEGABYTES * 1024 * 1024);
const splitting = [{ $changeStreamSplitLargeEvent: {} }];
const options = { fullDocumentBeforeChange: 'required', maxAwaitTimeMS: 20 } as const;

beforeAll(async () => {
  engine = await TestEngine.start();
  db = (await engine.connect()).db('split');
  photos = await db.createCollection('photos', { changeStreamPreAndPostImages: { enabled: true } });
  await photos.insertOne({ _id: 1 as never, image: image('a') });
});
afterAll(() => engine.stop());

type Events = ChangeStream<Document, Document>;

test('an event above 16 MiB comes in fragments, and a stream resumes between two of them', async () => {
  const stream = photos.watch(splitting, options) as Events;
  await stream.tryNext();
  await photos.updateOne({}, { $set: { image: image('b') } });
  await photos.insertOne({ _id: 2 as never });
  const [first, second, third] = [await stream.next(), await stream.next(), await stream.next()];
  await stream.close();
  expect(first['splitEvent']).toEqual({ fragment: 1, of: 2 });
  expect(second['splitEvent']).toEqual({ fragment: 2, of: 2 });
  const whole = { ...first, ...second };
  expect(whole).toMatchObject({ operationType: 'update', documentKey: { _id: 1 } });
  expect(whole['fullDocumentBeforeChange'].image[0]).toBe('a');
  expect(whole['updateDescription'].updatedFields.image[0]).toBe('b');
  expect(third).toMatchObject({ operationType: 'insert', documentKey: { _id: 2 } });
  const resumed = photos.watch(splitting, { ...options, resumeAfter: first['_id'] }) as Events;
  expect((await resumed.next())['splitEvent']).toEqual({ fragment: 2, of: 2 });
  expect(await resumed.next()).toMatchObject({ operationType: 'insert' });
  await resumed.close();
});

test('without the stage such an event ends the stream with 10334', async () => {
  const stream = photos.watch([], options) as Events;
  await stream.tryNext();
  await photos.updateOne({ _id: 1 as never }, { $set: { image: image('c') } });
  await expect(stream.next()).rejects.toMatchObject({ code: 10334 });
});

test.each([
  ['with an option', [{ $changeStreamSplitLargeEvent: { size: 1 } }], 7182800],
  ['before another stage', [...splitting, { $match: {} }], 7182802],
])('the stage %s is refused', async (_, pipeline, code) => {
  await expect(photos.watch(pipeline).next() as Promise<unknown>).rejects.toMatchObject({ code });
});
