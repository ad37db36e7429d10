import {
  bearerSender,
  graphClient,
  liveClient,
  loadRuntimeConfig,
  locale,
  type RuntimeConfig,
  startLocale,
} from '@7pay/ui';
import { render } from 'preact';
import 'virtual:look.css';
import './pos.css';
import { PosApp, Unusable } from './app.tsx';
import { openWorkIn } from './sale/open-work.store.ts';
import { terminalLink } from './terminal/terminal-link.ts';
import { terminalStore } from './terminal/terminal.store.ts';
import { type World, WorldProvider } from './world.ts';

function world(config: RuntimeConfig): World {
  const clock = { now: () => new Date() };
  const link = terminalLink(
    { issuer: config.issuer, resource: config.graphAudience },
    {
      store: terminalStore(indexedDB),
      clock,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
  );
  const reach = {
    url: '/graphql',
    sender: bearerSender(() => link.token()),
    locale: () => locale.value,
    onUnauthenticated: () => link.distrust(),
  };
  const [graph, live] = [graphClient(reach), liveClient(reach)];
  return {
    link,
    graph,
    live,
    openWork: openWorkIn(localStorage),
    newId: () => crypto.randomUUID(),
    clock,
  };
}

async function start(root: HTMLElement): Promise<void> {
  startLocale(localStorage, navigator.languages, document.documentElement);
  try {
    const here = world(await loadRuntimeConfig());
    await here.link.start();
    render(
      <WorldProvider value={here}>
        <PosApp />
      </WorldProvider>,
      root,
    );
  } catch {
    render(<Unusable />, root);
  }
}

const root = document.getElementById('face');
if (root) void start(root);
