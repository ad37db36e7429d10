/**
 * Renews a session without a refresh token: an unseen frame asks 7iD with `prompt=none` and brings the
 * answer back to our own callback page, which hands its address to the page that waits.
 */
export interface FrameHost {
  readonly document: Document;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  readonly location: { readonly origin: string };
}

const kind = '7pay.silent-renewal';
const waitMsMax = 5_000;

/** Asks 7iD in a frame. Resolves with the address it answered to; `null` when nothing came in time. */
export function askSilently(address: URL, host: FrameHost): Promise<URL | null> {
  const frame = host.document.createElement('iframe');
  frame.hidden = true;
  frame.title = '7iD';
  return new Promise((resolve) => {
    const end = (answer: URL | null) => {
      clearTimeout(timer);
      host.removeEventListener('message', listen);
      frame.remove();
      resolve(answer);
    };
    const timer = setTimeout(() => end(null), waitMsMax);
    const listen = (event: MessageEvent) => {
      const data = event.data as { kind?: unknown; address?: unknown } | null;
      if (event.origin !== host.location.origin || event.source !== frame.contentWindow) return;
      if (data?.kind === kind && typeof data.address === 'string') end(new URL(data.address));
    };
    host.addEventListener('message', listen);
    frame.src = address.href;
    host.document.body.append(frame);
  });
}

/** On the callback page: hands the answer to the page around it. `false` when this page stands alone. */
export function answerSilentRenewal(page: Window): boolean {
  if (page.parent === page) return false;
  page.parent.postMessage({ kind, address: page.location.href }, page.location.origin);
  return true;
}
