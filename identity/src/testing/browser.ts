interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** A page as a person without script sees it. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/**
 * A browser without script: cookies by path (shared between the ports of a host, as in life), redirects one by
 * one, forms. It stops where the addresses of `leaveAt` begin: that is the app that the person goes back to.
 */
export function aBrowser(
  options: { leaveAt?: string; language?: string; fetch?: typeof fetch } = {},
) {
  const leaveAt = options.leaveAt ?? 'http://localhost:49151/';
  let cookies: Cookie[] = [];

  const keep = (url: URL, headers: Headers) => {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const attribute = (key: string) =>
        attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
      const path = attribute('path') ?? (url.pathname.replace(/\/[^/]*$/, '') || '/');
      const expires = attribute('expires');
      cookies = cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
      if (expires && new Date(expires).getTime() < Date.now()) continue;
      cookies.push({ name, value, path });
    }
  };
  const cookieHeader = (url: URL) =>
    cookies
      .filter(
        ({ path }) => path === '/' || url.pathname === path || url.pathname.startsWith(`${path}/`),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');

  const go = async (start: string | URL, init: RequestInit = {}): Promise<Page> => {
    let url = new URL(start);
    let request = init;
    for (let hop = 0; hop < 20; hop += 1) {
      if (url.href.startsWith(leaveAt)) {
        return { url: url.href, status: 0, text: '', headers: new Headers() };
      }
      const response = await (options.fetch ?? fetch)(url, {
        ...request,
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          'accept-language': options.language ?? 'ja',
          cookie: cookieHeader(url),
          ...(request.headers as Record<string, string>),
        },
      });
      keep(url, response.headers);
      const location = response.headers.get('location');
      if (!location) {
        const { status, headers } = response;
        return { url: url.href, status, text: await response.text(), headers };
      }
      await response.body?.cancel();
      url = new URL(location, url);
      request = {};
    }
    throw new Error('too many redirects');
  };

  return {
    go,
    /** Sends the form of a page whose action ends in this, with its hidden fields. */
    submit: (
      page: Page,
      actionEnds: string,
      fields: Record<string, string> = {},
    ): Promise<Page> => {
      const form = [...page.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find(
        ([, tag = '']) => (/action="([^"]*)"/.exec(tag)?.[1] ?? '').endsWith(actionEnds),
      );
      if (!form)
        throw new Error(`no form for ${actionEnds} on ${page.url}: ${page.text.slice(0, 400)}`);
      const action = /action="([^"]*)"/.exec(form[1] ?? '')?.[1] ?? '';
      const body = new URLSearchParams();
      for (const [tag] of (form[2] ?? '').matchAll(/<input\b[^>]*>/g)) {
        if (!/type="hidden"/.test(tag)) continue;
        body.set(/name="([^"]*)"/.exec(tag)?.[1] ?? '', /value="([^"]*)"/.exec(tag)?.[1] ?? '');
      }
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      const { origin } = new URL(page.url);
      return go(new URL(action, page.url), {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      });
    },
    cookies: () => cookies.map(({ name, value }) => ({ name, value })),
    /** A browser with the same cookies, as a second tab that does not see later changes. */
    forget: () => {
      cookies = [];
    },
  };
}

export type Browser = ReturnType<typeof aBrowser>;

/** What a page offers the script: the options of the passkey ceremony of one form. */
export function passkeyOptionsOf<Options>(page: Page, actionEnds: string): Options {
  const tags = [...page.text.matchAll(/<form\b[^>]*data-options="[^"]*"[^>]*>/g)].map(
    ([tag]) => tag,
  );
  const tag = tags.find((one) =>
    [/ action="([^"]*)"/, /data-passkey-action="([^"]*)"/].some((attribute) =>
      (attribute.exec(one)?.[1] ?? '').endsWith(actionEnds),
    ),
  );
  const text = /data-options="([^"]*)"/.exec(tag ?? '')?.[1] ?? 'null';
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as Options;
}
