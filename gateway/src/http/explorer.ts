import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import { pathOf } from './path-of.ts';

const require = createRequire(import.meta.url);
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Graph explorer</title>
    <link rel="stylesheet" href="/graphiql/graphiql.css" />
    <link rel="stylesheet" href="/graphiql/page.css" />
  </head>
  <body>
    <div id="graphiql"></div>
    <script src="/graphiql/react.js"></script>
    <script src="/graphiql/react-dom.js"></script>
    <script src="/graphiql/graphiql.js"></script>
    <script src="/graphiql/page.js"></script>
  </body>
</html>
`;
const FIRST_QUERY = `# Public, no token needed. For the rest give a token of 7iD under Headers:
# {"authorization": "Bearer …"}
{
  stores(first: 5) {
    nodes { id name address merchant { name } }
  }
  switch(key: "payment") { state since reasonEn }
}
`;
const SCRIPT = `ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultEditorToolsVisibility: true,
    defaultQuery: ${JSON.stringify(FIRST_QUERY)},
    shouldPersistHeaders: false,
  }),
);
`;

const FILES: Readonly<Record<string, { type: string; read: () => string | Buffer }>> = {
  '/graphiql': { type: 'text/html; charset=utf-8', read: () => PAGE },
  '/graphiql/page.js': { type: 'text/javascript; charset=utf-8', read: () => SCRIPT },
  '/graphiql/page.css': {
    type: 'text/css',
    read: () => 'html,body,#graphiql{height:100%;margin:0}',
  },
  '/graphiql/graphiql.js': packaged('graphiql/graphiql.min.js', 'text/javascript; charset=utf-8'),
  '/graphiql/graphiql.css': packaged('graphiql/graphiql.min.css', 'text/css'),
  '/graphiql/react.js': packaged(
    'react/umd/react.production.min.js',
    'text/javascript; charset=utf-8',
  ),
  '/graphiql/react-dom.js': packaged(
    'react-dom/umd/react-dom.production.min.js',
    'text/javascript; charset=utf-8',
  ),
};

function packaged(file: string, type: string) {
  const [name = '', ...rest] = file.split('/');
  // Some of these files are not among the package's exports, but its manifest always is.
  const folder = () => path.dirname(require.resolve(`${name}/package.json`));
  return { type, read: () => readFileSync(path.join(folder(), ...rest)) };
}

/** Whether a path belongs to the explorer. */
export const isExplorerPath = (path: string): boolean => Object.hasOwn(FILES, path);

/** GraphiQL from its own package: nothing is loaded from elsewhere. Not mounted in production. */
export const explorer: RequestListener = (request, response) => {
  const file = FILES[pathOf(request)];
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  response
    .writeHead(200, {
      'content-type': file.type,
      'x-content-type-options': 'nosniff',
      // GraphiQL writes style elements of its own; scripts come from here alone.
      'content-security-policy':
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'",
    })
    .end(file.read());
};
