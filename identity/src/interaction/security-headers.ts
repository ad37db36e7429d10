import type { Context } from 'koa';

/**
 * What a browser may do on our pages: our own style sheet, our own script, no frame around us, and forms
 * that lead to ourselves. A browser applies `form-action` to the redirects after a form as well, so the
 * origins of the app that the person goes back to are named too.
 */
export function setSecurityHeaders(ctx: Context, formOrigins: readonly string[] = []): void {
  ctx.set({
    'Content-Security-Policy': [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      "img-src 'self' data:",
      ["form-action 'self'", ...new Set(formOrigins)].join(' '),
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy':
      'publickey-credentials-create=(self), publickey-credentials-get=(self), camera=(), geolocation=(), microphone=()',
    'Referrer-Policy': 'same-origin', // with no-referrer a browser hides the origin of our own forms
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  if (ctx.secure) ctx.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
}

/** The origins of addresses; what has none (an app's own scheme) is named by its scheme. */
export const originsOf = (uris: readonly string[] = []): string[] =>
  uris.map((uri) => {
    const { origin, protocol } = new URL(uri);
    return origin === 'null' ? protocol : origin;
  });
