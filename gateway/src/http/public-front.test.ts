import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, serve } from '../testing/raw-request.ts';
import { webFaces } from './pages.ts';
import { publicFront } from './public-front.ts';

let root: string;
let ready = true;
const fronts: Awaited<ReturnType<typeof serve>>[] = [];
let open: number;
let production: number;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), '7pay-pages-'));
  const dist = path.join(root, 'apps/wallet/dist');
  mkdirSync(path.join(dist, 'assets'), { recursive: true });
  writeFileSync(path.join(dist, 'index.html'), '<!doctype html>the wallet');
  writeFileSync(path.join(dist, 'assets/app-1a2b.js'), 'export {};');
  writeFileSync(path.join(dist, 'icon.svg'), '<svg/>');
  writeFileSync(path.join(dist, 'strange.bin'), 'x');
  writeFileSync(path.join(root, 'apps/wallet/secret.txt'), 'a secret beside the pages');
  for (const isProduction of [false, true]) {
    const front = publicFront({
      graphql: (_request, response) => void response.writeHead(200).end('the graph'),
      faces: webFaces(root),
      config: { issuer: 'https://id.example/oidc', graphAudience: 'x', clients: { wallet: 'app' } },
      production: isProduction,
      isReady: () => ready,
      home: '/wallet/',
      supergraphId: () => '0123456789ab',
    });
    fronts.push(await serve(front));
  }
  [open, production] = fronts.map(({ port }) => port) as [number, number];
});
afterAll(async () => {
  await Promise.all(fronts.map((front) => front.stop()));
  rmSync(root, { recursive: true });
});

describe('the pages', () => {
  it.each(['/wallet/', '/wallet/payments/pay_1', '/wallet/callback?code=x.y&state=z'])(
    'answer %s with the page of the face',
    async (address) => {
      const answer = await send(open, address);
      expect([answer.status, answer.text]).toEqual([200, '<!doctype html>the wallet']);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    },
  );

  it.each([
    '/wallet/missing.js',
    '/wallet/assets/app-old.js',
    '/nowhere',
    '/walletx',
    '/pos/', // its pages are not built here
  ])('have nothing at %s', async (address) => {
    expect((await send(open, address)).status).toBe(404);
  });

  it.each([
    '/wallet/../secret.txt',
    '/wallet/../../apps/wallet/secret.txt',
    '/wallet/..%2fsecret.txt',
    '/wallet/%2e%2e/secret.txt',
    '/wallet/..\\secret.txt',
    '/wallet/assets/../../secret.txt',
    '/wallet//etc/passwd.txt',
    '/wallet/%00.txt',
    '/../../../../etc/passwd',
    '//etc/passwd',
    '//',
    '/%',
    '/wallet/%ff%fe.js',
    'http://[broken/wallet/',
  ])('give nothing away for %s and stay up', async (address) => {
    const answer = await send(open, address);
    expect(answer.status).toBeGreaterThanOrEqual(300);
    expect(answer.text).not.toMatch(/secret beside|root:/);
    const health = await send(open, '/health');
    expect(health.status).toBe(200);
    expect(JSON.parse(health.text)).toEqual({ status: 'up', supergraph: '0123456789ab' });
  });

  it('are asked for again only when they changed; what has a digest in its name, never', async () => {
    const page = await send(open, '/wallet/');
    const etag = String(page.headers['etag']);
    expect(page.headers['cache-control']).toBe('no-cache');
    const again = await send(open, '/wallet/', { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    const other = await send(open, '/wallet/', { headers: { 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
    const asset = await send(open, '/wallet/assets/app-1a2b.js');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it('run no script but their own, talk to 7iD alone and are not framed by others', async () => {
    for (const address of ['/wallet/', '/wallet/icon.svg', '/wallet/strange.bin']) {
      const { headers } = await send(open, address);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("connect-src 'self' https://id.example;");
      expect(policy).toContain("frame-ancestors 'self'");
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('take GET and HEAD, and no other method', async () => {
    const head = await send(open, '/wallet/', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await send(open, '/wallet/', { method })).status).toBe(405);
    }
  });

  it('are reached from the root and without the last slash', async () => {
    expect((await send(open, '/')).headers['location']).toBe('/wallet/');
    const bare = await send(open, '/wallet');
    expect([bare.status, bare.headers['location']]).toEqual([308, '/wallet/']);
  });
});

describe('the public port', () => {
  it('hands /graphql to the graph and tells the pages where 7iD is', async () => {
    expect((await send(open, '/graphql?x=1')).text).toBe('the graph');
    const config = await send(open, '/config.json');
    expect(JSON.parse(config.text)).toEqual({
      issuer: 'https://id.example/oidc',
      graphAudience: 'x',
      clients: { wallet: 'app' },
    });
    expect(config.headers['cache-control']).toBe('no-store');
  });

  it('is up at once and ready when it is', async () => {
    ready = false;
    expect((await send(open, '/health')).status).toBe(200);
    expect((await send(open, '/ready')).status).toBe(503);
    ready = true;
    expect((await send(open, '/ready')).status).toBe(200);
  });

  it('shows the explorer, from its own files alone, and nothing of it in production', async () => {
    const page = await send(open, '/graphiql');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/https?:\/\//);
    for (const file of ['page.js', 'page.css', 'graphiql.js', 'graphiql.css', 'react.js']) {
      expect((await send(open, `/graphiql/${file}`)).status, file).toBe(200);
      expect((await send(production, `/graphiql/${file}`)).status, file).toBe(404);
    }
    expect((await send(production, '/graphiql')).status).toBe(404);
    expect((await send(open, '/graphiql/__proto__')).status).toBe(404);
  });
});
