import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { SubgraphRequest } from '@7pay/graphql';
import { madeUpAnswers } from '../gateway/src/testing/made-up-answers.ts';

// Subgraphs that have whatever is asked of them, in any number: all of them behind one port.
const { port } = JSON.parse(process.env['BENCH'] ?? '{}') as { readonly port: number };
const answerTo = madeUpAnswers(readFileSync('gateway/supergraph.graphql', 'utf8'));
createServer(async (request, response) => {
  const text = JSON.stringify(answerTo((await json(request)) as SubgraphRequest));
  response.writeHead(200, { 'content-type': 'application/json' }).end(text);
}).listen(port, '127.0.0.1');
