import {
  answerSilentRenewal,
  askSilently,
  graphClient,
  liveClient,
  loadRuntimeConfig,
  locale,
  openSession,
  proofKeyRow,
  type RuntimeConfig,
  startLocale,
} from '@7pay/ui';
import { render } from 'preact';
import 'virtual:look.css';
import './console.css';
import { ConsoleApp, Unusable } from './app.tsx';
import { type World, WorldProvider } from './world.ts';

function world(config: RuntimeConfig): World {
  const session = openSession(
    {
      issuer: config.issuer,
      clientId: config.clients.console,
      scope: 'openid profile operations merchant refund',
      resource: config.graphAudience,
      redirectUri: `${location.origin}/console/callback`,
      afterLogout: `${location.origin}/console/`,
      home: '/console/',
      restore: 'from-7iD',
    },
    {
      store: sessionStorage,
      clock: { now: () => new Date() },
      locale: () => locale.value,
      leave: (address) => location.assign(address),
      keys: proofKeyRow(indexedDB),
      askSilently: (address) => askSilently(address, window),
    },
  );
  const reach = {
    url: '/graphql',
    sender: () => session.sender(),
    locale: () => locale.value,
    onUnauthenticated: () => session.distrust(),
  };
  const [graph, live] = [graphClient(reach), liveClient(reach)];
  const logInAgain = () => void session.signIn({ returnTo: location.pathname, anew: true });
  return {
    session,
    graph,
    live,
    newId: () => crypto.randomUUID(),
    issuer: config.issuer,
    logInAgain,
  };
}

async function start(root: HTMLElement): Promise<void> {
  startLocale(localStorage, navigator.languages, document.documentElement);
  try {
    const here = world(await loadRuntimeConfig());
    if (!location.pathname.endsWith('/callback')) void here.session.restore();
    render(
      <WorldProvider value={here}>
        <ConsoleApp />
      </WorldProvider>,
      root,
    );
  } catch {
    render(<Unusable />, root);
  }
}

const root = document.getElementById('face');
// In the unseen frame of a renewal this page only hands on its address.
if (root && !answerSilentRenewal(window)) void start(root);
