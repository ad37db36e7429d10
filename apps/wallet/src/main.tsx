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
import './wallet.css';
import { memberNotesIn } from './member-notes.store.ts';
import { deviceStore } from './pay/device.store.ts';
import { openDeviceCodes } from './pay/device-codes.ts';
import { Unusable, WalletApp } from './app.tsx';
import { type World, WorldProvider } from './world.ts';

function world(config: RuntimeConfig): World {
  const session = openSession(
    {
      issuer: config.issuer,
      clientId: config.clients.wallet,
      scope: 'openid profile account wallet points refund merchant',
      resource: config.graphAudience,
      redirectUri: `${location.origin}/wallet/callback`,
      afterLogout: `${location.origin}/wallet/`,
      home: '/wallet/',
      restore: 'from-tab',
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
  const notes = memberNotesIn(sessionStorage, () => session.subject());
  const [graph, live] = [graphClient(reach), liveClient(reach)];
  return {
    session,
    graph,
    live,
    deviceCodes: openDeviceCodes({
      store: deviceStore(indexedDB),
      graph,
      notes,
      now: () => Date.now(),
    }),
    approvalsAddress: new URL('/approve', config.issuer).href,
    notes,
    newId: () => crypto.randomUUID(),
    ticks: () => performance.now(),
  };
}

async function start(root: HTMLElement): Promise<void> {
  startLocale(localStorage, navigator.languages, document.documentElement);
  try {
    const here = world(await loadRuntimeConfig());
    if (!location.pathname.endsWith('/callback')) void here.session.restore();
    render(
      <WorldProvider value={here}>
        <WalletApp />
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
