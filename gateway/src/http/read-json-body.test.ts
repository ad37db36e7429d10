import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, serve } from '../testing/raw-request.ts';
import { BodyFault, readJsonBody } from './read-json-body.ts';

const MOST = 1_000;
const LIMITS = { bodyBytes: MOST, variableValues: 100 };
let port: number;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ port, stop } = await serve((request, response) => {
    readJsonBody(request, LIMITS).then(
      (body) => response.writeHead(200).end(JSON.stringify(body)),
      (error: unknown) => {
        const { status, code } = error as BodyFault;
        response.writeHead(error instanceof BodyFault ? status : 500).end(code);
      },
    );
  }));
});
afterAll(() => stop());

const post = (chunks: readonly string[], headers: Record<string, string> = {}) =>
  send(port, '/', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    chunks,
  });

describe('a body', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/graphql+json',
  ])('of type %s is read, in however many pieces it comes', async (type) => {
    const answer = await post(['{"query":', '"{ a }"', '}'], { 'content-type': type });
    expect([answer.status, answer.text]).toEqual([200, '{"query":"{ a }"}']);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
    'text/plain; application/json',
  ])('of type %s is refused unread', async (type) => {
    const answer = await post(['{}'], { 'content-type': type });
    expect([answer.status, answer.text]).toEqual([415, 'BAD_REQUEST']);
  });

  it.each([
    ['nothing', ''],
    ['half of an object', '{"a":'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"{}"'],
    ['a list of more values than anybody needs', `{"a":[${'1,'.repeat(101)}1]}`],
    ['broken UTF-8 between the quotes and no end', '{"a":"\u00ff'],
  ])('that is %s is refused', async (_, body) => {
    const answer = await post([body]);
    expect([answer.status, answer.text]).toEqual([400, 'BAD_REQUEST']);
  });

  it('that is a list is refused by a code of its own: one operation at a time', async () => {
    const answer = await post(['[]']);
    expect([answer.status, answer.text]).toEqual([400, 'BATCH_NOT_ALLOWED']);
  });

  it('of the most bytes is read, and of one more is refused by what it says and by what it is', async () => {
    const exact = `{"a":"${'x'.repeat(MOST - 8)}"}`;
    expect(exact.length).toBe(MOST);
    expect((await post([exact])).status).toBe(200);
    const said = await post([`${exact} `], { 'content-length': String(MOST + 1) });
    expect([said.status, said.text]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const silent = await post([exact, ' ']);
    expect([silent.status, silent.text]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it.each([
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice in another spelling', '{"\\u0061":1,"a":2}'],
    ['a key twice far inside', '{"a":[{"b":{"c":1,"d":[],"c":2}}]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['a key twice beside quotes, colons and backslashes', '{"a\\\\":":\\":","b":1,"b":2}'],
    ['51 levels', `{"a":${'['.repeat(50)}${']'.repeat(50)}}`],
    ['more levels than a stack has', `{"a":${'['.repeat(400)}${']'.repeat(400)}}`],
  ])('with %s is refused', async (_, body) => {
    const answer = await post([body]);
    expect([answer.status, answer.text]).toEqual([400, 'BAD_REQUEST']);
  });

  it.each([
    ['the same key in two objects', '{"a":{"b":1},"c":[{"b":1},{"b":2}]}'],
    [
      'colons, quotes and backslashes in texts',
      '{"a":"\\"x\\":1","b\\\\":"::\\\\","c":"{\\"c\\":[["}',
    ],
    ['50 levels', `{"a":${'['.repeat(49)}${']'.repeat(49)}}`],
    ['nothing in it', '{}'],
  ])('with %s is read', async (_, body) => {
    const answer = await post([body]);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, JSON.parse(body)]);
  });

  it('with members called like inherited ones changes nothing else', async () => {
    const answer = await post(['{"__proto__":{"polluted":true},"constructor":1}']);
    expect(answer.status).toBe(200);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
