import { Button, Frame, Notice, Page, uiText } from '@7pay/ui';
import type { ComponentType, JSX } from 'preact';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { CallbackPage } from './entry/callback.page.tsx';
import { EntryPage } from './entry/entry.page.tsx';
import { Operators } from './entry/operators.tsx';
import { CasesPage } from './cases/cases.page.tsx';
import { ClientsPage } from './clients/clients.page.tsx';
import { CutOffsPage } from './cut-offs/cut-offs.page.tsx';
import { FreezesPage } from './freezes/freezes.page.tsx';
import { KeysPage } from './keys/keys.page.tsx';
import { MembersPage } from './members/members.page.tsx';
import { MerchantsPage } from './merchants/merchants.page.tsx';
import { PartnersPage } from './partners/partners.page.tsx';
import { ReconciliationPage } from './reconciliation/reconciliation.page.tsx';
import { RecordPage } from './record/record.page.tsx';
import { RefundPage } from './refund/refund.page.tsx';
import { SettlementsPage } from './settlements/settlements.page.tsx';
import { StoresPage } from './stores/stores.page.tsx';
import { SwitchesPage } from './switches/switches.page.tsx';
import { t } from './words.ts';
import { useWorld } from './world.ts';

/** A screen for operators who are signed in; the others see how to log in. */
function operators<Props extends object>(Screen: ComponentType<Props>): ComponentType<Props> {
  return function ForOperators(props: Props) {
    if (useWorld().session.status.value !== 'signed-in') return <EntryPage />;
    return (
      <Operators>
        <Screen {...props} />
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
const Clients = operators(ClientsPage);
const Keys = operators(KeysPage);
const Members = operators(MembersPage);
const Record = operators(RecordPage);
const Switches = operators(SwitchesPage);
const CutOffs = operators(CutOffsPage);
const Merchants = operators(MerchantsPage);
const Stores = operators(StoresPage);
const Refund = operators(RefundPage);
const Cases = operators(CasesPage);
const Freezes = operators(FreezesPage);
const Settlements = operators(SettlementsPage);
const Reconciliation = operators(ReconciliationPage);

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
  const places = [
    { path: '/console', word: t('switchesTitle') },
    { path: '/console/cut-offs', word: t('cutOffsTitle') },
    { path: '/console/merchants', word: t('merchantsTitle') },
    { path: '/console/stores', word: t('storesTitle') },
    { path: '/console/refund', word: t('refundTitle') },
    { path: '/console/cases', word: t('casesTitle') },
    { path: '/console/freezes', word: t('freezesTitle') },
    { path: '/console/settlements', word: t('settlementsTitle') },
    { path: '/console/reconciliation', word: t('reconciliationTitle') },
    { path: '/console/members', word: t('membersTitle') },
    { path: '/console/record', word: t('recordTitle') },
    { path: '/console/clients', word: t('clientsTitle') },
    { path: '/console/keys', word: t('keysTitle') },
    { path: '/console/partners', word: t('partnersTitle') },
  ];
  return (
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
        <Route path="/console" component={Switches} />
        <Route path="/console/callback" component={CallbackPage} />
        <Route path="/console/cut-offs" component={CutOffs} />
        <Route path="/console/merchants" component={Merchants} />
        <Route path="/console/stores" component={Stores} />
        <Route path="/console/refund" component={Refund} />
        <Route path="/console/cases" component={Cases} />
        <Route path="/console/freezes" component={Freezes} />
        <Route path="/console/settlements" component={Settlements} />
        <Route path="/console/reconciliation" component={Reconciliation} />
        <Route path="/console/members" component={Members} />
        <Route path="/console/record" component={Record} />
        <Route path="/console/clients" component={Clients} />
        <Route path="/console/keys" component={Keys} />
        <Route path="/console/partners" component={Partners} />
        <Route default component={Switches} />
      </Router>
    </Frame>
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
