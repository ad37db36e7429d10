import { Pool } from 'undici';

/** One request of a load. */
export interface LoadRequest {
  readonly token: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What a load saw: milliseconds of each answer, in the order they came, and how long it took in all. */
export interface LoadResult {
  readonly latencies: readonly number[];
  readonly seconds: number;
  readonly wrong: readonly string[];
}

/**
 * Sends requests to a graph with so many in flight, until there are none left or the time is over.
 * `isRight` looks at the text of each answer: a fast wrong answer is no answer.
 */
export async function load(
  url: string,
  options: {
    inFlight: number;
    next: () => LoadRequest | undefined;
    isRight: (answer: string) => boolean;
    milliseconds?: number;
  },
): Promise<LoadResult> {
  const pool = new Pool(url, { connections: options.inFlight, pipelining: 1 });
  const latencies: number[] = [];
  const wrong: string[] = [];
  const start = performance.now();
  const worker = async () => {
    for (;;) {
      if (options.milliseconds && performance.now() - start > options.milliseconds) return;
      const request = options.next();
      if (!request) return;
      const sentAt = performance.now();
      const { body } = await pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${request.token}` },
        body: JSON.stringify({ query: request.query, variables: request.variables }),
      });
      const answer = await body.text();
      latencies.push(performance.now() - sentAt);
      if (!options.isRight(answer)) wrong.push(answer);
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  const seconds = (performance.now() - start) / 1_000;
  await pool.close();
  return { latencies, seconds, wrong };
}
