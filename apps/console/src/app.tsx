import { Button, Frame, Notice, Page, uiText } from '@7pay/ui';
import type { ComponentType, JSX } from 'preact';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { CallbackPage } from './entry/callback.page.tsx';
import { EntryPage } from './entry/entry.page.tsx';
import { Operators } from './entry/operators.tsx';
import { AskWho, NOBODY, type Who, WhoProvider } from './entry/who.tsx';
import { CasesPage } from './cases/cases.page.tsx';
import { ClientsPage } from './clients/clients.page.tsx';
import { CutOffsPage } from './cut-offs/cut-offs.page.tsx';
import { DutiesPage } from './duties/duties.page.tsx';
import { FreezesPage } from './freezes/freezes.page.tsx';
import { KeysPage } from './keys/keys.page.tsx';
import { MembersPage } from './members/members.page.tsx';
import { MerchantsPage } from './merchants/merchants.page.tsx';
import { PartnersPage } from './partners/partners.page.tsx';
import { type Place, PLACES, placesFor } from './places.ts';
import { ReconciliationPage } from './reconciliation/reconciliation.page.tsx';
import { RecordPage } from './record/record.page.tsx';
import { RefundPage } from './refund/refund.page.tsx';
import { SettlementsPage } from './settlements/settlements.page.tsx';
import { StoresPage } from './stores/stores.page.tsx';
import { SwitchesPage } from './switches/switches.page.tsx';
import { t } from './words.ts';
import { useWorld } from './world.ts';

/** A screen for operators who are signed in; the others see how to log in. */
function operators(place: Place, Screen: ComponentType): ComponentType {
  return function ForOperators() {
    if (useWorld().session.status.value !== 'signed-in') return <EntryPage />;
    return (
      <Operators place={place}>
        <Screen />
      </Operators>
    );
  };
}

/** A screen for everybody who is signed in: what it shows is their own. */
function signedIn<Props extends object>(Screen: ComponentType<Props>): ComponentType<Props> {
  return function ForSignedIn(props: Props) {
    return useWorld().session.status.value === 'signed-in' ? <Screen {...props} /> : <EntryPage />;
  };
}

const Partners = signedIn(PartnersPage);
const screens = {
  switches: operators(PLACES.switches, SwitchesPage),
  cutOffs: operators(PLACES.cutOffs, CutOffsPage),
  merchants: operators(PLACES.merchants, MerchantsPage),
  stores: operators(PLACES.stores, StoresPage),
  refund: operators(PLACES.refund, RefundPage),
  cases: operators(PLACES.cases, CasesPage),
  freezes: operators(PLACES.freezes, FreezesPage),
  settlements: operators(PLACES.settlements, SettlementsPage),
  reconciliation: operators(PLACES.reconciliation, ReconciliationPage),
  members: operators(PLACES.members, MembersPage),
  record: operators(PLACES.record, RecordPage),
  clients: operators(PLACES.clients, ClientsPage),
  keys: operators(PLACES.keys, KeysPage),
  duties: operators(PLACES.duties, DutiesPage),
} satisfies Record<keyof typeof PLACES, ComponentType>;

/** The operations console. */
export function ConsoleApp(): JSX.Element {
  return (
    <LocationProvider scope="/console/">
      <Framed />
    </LocationProvider>
  );
}

function Framed(): JSX.Element {
  const { path } = useLocation();
  const { session } = useWorld();
  const signedIn = session.status.value === 'signed-in';
  const [who, setWho] = useState<Who>(NOBODY);
  const places = [
    ...placesFor(who.me?.duties ?? []),
    { path: '/console/partners', word: 'partnersTitle' as const },
  ].map(({ path: to, word }) => ({ path: to, word: t(word) }));
  return (
    <WhoProvider value={who}>
      {signedIn && <AskWho onTold={setWho} />}
      <Frame
        name={t('name')}
        home="/console/"
        path={path}
        {...(signedIn ? { places } : {})}
        aside={
          signedIn && (
            <Button kind="plain" onClick={() => void session.signOut()}>
              {t('logOut')}
            </Button>
          )
        }
      >
        <Router>
          <Route path="/console/callback" component={CallbackPage} />
          <Route path="/console/partners" component={Partners} />
          {Object.entries(PLACES).map(([name, { path: at }]) => (
            <Route key={at} path={at} component={screens[name as keyof typeof PLACES]} />
          ))}
          <Route default component={screens.switches} />
        </Router>
      </Frame>
    </WhoProvider>
  );
}

/** Shown when not even the settings of the page could be read. */
export function Unusable(): JSX.Element {
  return (
    <Page title={t('name')} face={t('name')}>
      <Notice kind="danger">
        <p>{uiText('faultUnreachable')}</p>
        <div class="row">
          <Button kind="secondary" onClick={() => location.reload()}>
            {uiText('again')}
          </Button>
        </div>
      </Notice>
    </Page>
  );
}
