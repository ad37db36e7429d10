import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import { pathOf } from './path-of.ts';

/** Where a web face lives: its path and its built files. */
export interface WebFace {
  /** With slashes at both ends, such as `/wallet/`. */
  readonly mount: string;
  readonly folder: string;
}

/** The built pages of the platform, by the path they are served at. */
export const webFaces = (root: string): WebFace[] =>
  ['wallet', 'pos', 'console'].map((name) => ({
    mount: `/${name}/`,
    folder: path.join(root, 'apps', name, 'dist'),
  }));

interface PageFile {
  readonly type: string;
  readonly etag: string;
  readonly content: Buffer;
  readonly immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Serves the built pages from memory. Any path under a face that is no file is the face's own page, so that
 * its links can be opened directly. `connectTo` are the origins the pages may talk to, besides their own.
 */
export function pages(
  faces: readonly WebFace[],
  { connectTo }: { connectTo: readonly string[] },
): { has(pathname: string): boolean; handler: RequestListener } {
  const files = new Map<string, PageFile>();
  for (const { mount, folder } of faces) {
    if (existsSync(folder)) load(folder, mount, files);
  }
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' ${connectTo.join(' ')}`,
    // A login is renewed in a hidden frame that goes to 7iD and comes back here.
    `frame-src 'self' ${connectTo.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');

  const find = (pathname: string): PageFile | undefined => {
    const exact = files.get(pathname);
    if (exact) return exact;
    const face = faces.find(({ mount }) => `${pathname}/`.startsWith(mount));
    // A missing asset is missing; only pages fall back to the face's own page.
    return face && !path.extname(pathname) ? files.get(`${face.mount}index.html`) : undefined;
  };

  return {
    has: (pathname) => find(pathname) !== undefined,
    handler: (request, response) => {
      const file = find(pathOf(request));
      if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) {
        response.writeHead(file ? 405 : 404).end();
        return;
      }
      const headers = {
        'content-type': file.type,
        etag: file.etag,
        'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-security-policy': policy,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': 'camera=(self), geolocation=(), microphone=()',
      };
      if (request.headers['if-none-match'] === file.etag) {
        response.writeHead(304, headers).end();
        return;
      }
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : file.content);
    },
  };
}

function load(folder: string, mount: string, files: Map<string, PageFile>): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) {
      load(file, `${mount}${name}/`, files);
      continue;
    }
    const content = readFileSync(file);
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
    // The build puts a digest of the content into the names of assets.
    files.set(`${mount}${name}`, { type, etag, content, immutable: mount.endsWith('/assets/') });
  }
}
