import type { RequestListener, ServerResponse } from 'node:http';
import { explorer, isExplorerPath } from './explorer.ts';
import { pages, type WebFace } from './pages.ts';
import { pathOf } from './path-of.ts';

/** What the pages need to know at run time; served as /config.json. */
export interface PageConfig {
  readonly issuer: string;
  readonly graphAudience: string;
  readonly clients: Readonly<Record<string, string>>;
}

export interface PublicFrontOptions {
  readonly graphql: RequestListener;
  readonly faces: readonly WebFace[];
  readonly config: PageConfig;
  readonly production: boolean;
  /** Whether requests can be served: supergraph loaded, keys of 7iD seen, switches followed. */
  readonly isReady: () => boolean;
  readonly home: string;
  /** First characters of the digest of the supergraph that serves. */
  readonly supergraphId: () => string;
}

/** The public port: the graph, the pages, the explorer outside production, health and readiness. */
export function publicFront(options: PublicFrontOptions): RequestListener {
  const web = pages(options.faces, { connectTo: [new URL(options.config.issuer).origin] });
  return (request, response) => {
    const pathname = pathOf(request);
    if (pathname === '/graphql') return options.graphql(request, response);
    if (pathname === '/health') {
      return sendJson(response, 200, { status: 'up', supergraph: options.supergraphId() });
    }
    if (pathname === '/ready') {
      const ready = options.isReady();
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' });
    }
    if (pathname === '/config.json') return sendJson(response, 200, options.config);
    if (!options.production && isExplorerPath(pathname)) return explorer(request, response);
    if (pathname === '/') {
      response.writeHead(302, { location: options.home }).end();
      return;
    }
    const face = options.faces.find(({ mount }) => `${pathname}/` === mount);
    if (face && request.method === 'GET') {
      response.writeHead(308, { location: face.mount }).end();
      return;
    }
    if (web.has(pathname)) return web.handler(request, response);
    sendJson(response, 404, {
      errors: [{ message: 'not found', extensions: { code: 'NOT_FOUND' } }],
    });
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(JSON.stringify(body));
}
