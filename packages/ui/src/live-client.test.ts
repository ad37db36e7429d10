import { describe, expect, it, vi } from 'vitest';
import { operation } from './graph-client.ts';
import { liveClient, type LiveState } from './live-client.ts';
import { bearerSender } from './send.ts';

const changes = operation<{ state: string }>('subscription Changes { state }');

const stream = (text: string, after: 'ends' | 'stays' = 'ends') =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(text));
        if (after === 'ends') controller.close();
      },
    }),
    { headers: { 'content-type': 'text/event-stream; charset=utf-8' } },
  );
const refusal = (status: number, code: string) =>
  new Response(JSON.stringify({ errors: [{ extensions: { code } }] }), {
    status,
    headers: { 'content-type': 'application/json' },
  });
const next = (state: string, id: string) =>
  `id: ${id}\nevent: next\ndata: {"data":{"state":"${state}"}}\n\n`;
const complete = (reason: string) => `event: complete\ndata: {"reason":"${reason}"}\n\n`;

/** Follows through these answers, one after another, until the last of them has been dealt with. */
async function follow(answers: readonly (() => Response | Promise<Response>)[]) {
  const told: string[] = [];
  const states: LiveState[] = [];
  const headers: Record<string, string>[] = [];
  const pauses: number[] = [];
  const onUnauthenticated = vi.fn();
  const over = Promise.withResolvers<void>();
  const live = liveClient({
    url: '/graphql',
    locale: () => 'en',
    onUnauthenticated,
    pause: async (ms) => void pauses.push(ms),
    sender: bearerSender(
      async () => 'token-1',
      async (_url, init) => {
        const answer = answers[headers.length];
        headers.push(init?.headers as Record<string, string>);
        if (answer) return answer();
        over.resolve();
        return new Promise(() => {});
      },
    ),
  });
  const end = live(
    changes,
    {},
    {
      onData: ({ state }) => void told.push(state),
      onState: (state) => {
        states.push(state);
        if (state === 'refused') over.resolve();
      },
    },
  );
  await over.promise;
  end();
  return { told, states, headers, pauses, onUnauthenticated };
}

describe('a subscription of a page', () => {
  it('sends the token in a header, and says that it is live when the first event comes', async () => {
    const { told, states, headers } = await follow([() => stream(next('a', '1') + next('b', '2'))]);
    expect(told).toEqual(['a', 'b']);
    expect(states.slice(0, 2)).toEqual(['away', 'live']);
    expect(headers[0]).toMatchObject({
      authorization: 'Bearer token-1',
      accept: 'text/event-stream',
    });
    expect(headers[0]).not.toHaveProperty('last-event-id');
  });

  it('comes back behind the last event, signs of life included, with a pause that grows', async () => {
    const { headers, pauses } = await follow([
      () => stream(`${next('a', '1')}:\nid: 2\n\n`),
      () => Promise.reject(new Error('offline')),
      () => Promise.reject(new Error('offline')),
      () => Promise.reject(new Error('offline')),
    ]);
    expect(headers.slice(1).map((each) => each['last-event-id'])).toEqual(['2', '2', '2', '2']);
    expect(pauses[3]).toBeGreaterThan(pauses[0]!);
  });

  it('takes the pause that the platform asks for', async () => {
    const ended = `retry: 1234\n${complete('LIFE_OVER')}`;
    expect((await follow([() => stream(next('a', '1') + ended)])).pauses).toEqual([1_234]);
  });

  it('asks for another token when its own has ended', async () => {
    const over = `event: next\ndata: {"errors":[{"extensions":{"code":"UNAUTHENTICATED"}}]}\n\n`;
    const { headers, onUnauthenticated } = await follow([() => stream(next('a', '1') + over)]);
    expect(onUnauthenticated).toHaveBeenCalledOnce();
    expect(headers).toHaveLength(2);
  });

  it('is refused when it may not, and when no token is taken', async () => {
    const forbidden = await follow([() => refusal(403, 'FORBIDDEN')]);
    expect(forbidden.states).toEqual(['away', 'refused']);
    const never = await follow(
      Array.from({ length: 9 }, () => () => refusal(401, 'UNAUTHENTICATED')),
    );
    expect([never.headers.length, never.states.at(-1)]).toEqual([3, 'refused']);
  });

  it('begins anew when its place is not taken any more', async () => {
    const { headers } = await follow([
      () => stream(next('a', '1')),
      () => refusal(400, 'BAD_USER_INPUT'),
    ]);
    expect(headers.map((each) => each['last-event-id'])).toEqual([undefined, '1', undefined]);
  });
});
