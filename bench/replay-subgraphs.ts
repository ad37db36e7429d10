import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { request } from 'undici';

/** What the bench hands over, in the environment variable BENCH: for each port the subgraph behind it. */
type Setting = Readonly<Record<string, string>>;

// Stands before the subgraphs and answers from memory what they answered before: what is measured is the gateway.
const kept = new Map<string, Buffer>();

async function answer(
  url: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await buffer(incoming);
  const key = `${url} ${body.toString()}`;
  const text = kept.get(key) ?? (await ask(url, incoming, body));
  kept.set(key, text);
  outgoing
    .writeHead(200, { 'content-type': 'application/json', 'content-length': text.length })
    .end(text);
}

async function ask(url: string, { headers }: IncomingMessage, body: Buffer): Promise<Buffer> {
  const answered = await request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: headers.authorization },
    body,
  });
  const text = Buffer.from(await answered.body.arrayBuffer());
  if (answered.statusCode !== 200 || text.includes('"errors"')) throw new Error(text.toString());
  return text;
}

const setting = JSON.parse(process.env['BENCH'] ?? '{}') as Setting;
for (const [port, url] of Object.entries(setting)) {
  createServer((incoming, outgoing) => {
    if (incoming.url === '/health') return void outgoing.end('{}');
    answer(url, incoming, outgoing).catch(() => outgoing.writeHead(502).end('{}'));
  }).listen(Number(port), '127.0.0.1');
}
