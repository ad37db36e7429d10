/** The answer of the graph to one request. */
export interface GraphAnswer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly reference?: string };
  }[];
}

/** A client of the public endpoint, over HTTP as everybody's. */
export interface Graph {
  ask<Data = Record<string, never>>(
    query: string,
    variables?: Record<string, unknown>,
    token?: string,
    headers?: Record<string, string>,
  ): Promise<GraphAnswer<Data>>;
}

export function graphAt(gateway: string): Graph {
  return {
    ask: async (query, variables = {}, token, headers = {}) => {
      const response = await fetch(`${gateway}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as object) } as never;
    },
  };
}
