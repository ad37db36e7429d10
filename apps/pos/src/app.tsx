import { Button, Frame, Notice, Page, uiText } from '@7pay/ui';
import type { JSX } from 'preact';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { IdlePage } from './idle/idle.page.tsx';
import { PairPage } from './pair/pair.page.tsx';
import { PaymentsPage } from './payments/payments.page.tsx';
import { SalePage } from './sale/sale.page.tsx';
import { LinkLight } from './terminal/link-light.tsx';
import { TopUpPage } from './top-up/top-up.page.tsx';
import { t } from './words.ts';
import { useWorld } from './world.ts';

/** The register: without a pairing nothing else can be reached. */
export function PosApp(): JSX.Element {
  return (
    <LocationProvider scope="/pos/">
      <Framed />
    </LocationProvider>
  );
}

function Framed(): JSX.Element {
  const { path } = useLocation();
  const { link } = useWorld();
  const paired = link.state.value !== 'unpaired';
  const places = [
    { path: '/pos', word: t('idleTitle') },
    { path: '/pos/payments', word: t('paymentsTitle') },
  ];
  return (
    <Frame
      name={t('name')}
      home="/pos/"
      path={path}
      {...(paired ? { places } : {})}
      aside={paired && <LinkLight />}
    >
      {paired ? (
        <Router>
          <Route path="/pos" component={IdlePage} />
          <Route path="/pos/sale" component={SalePage} />
          <Route path="/pos/charge" component={TopUpPage} />
          <Route path="/pos/payments" component={PaymentsPage} />
          <Route default component={IdlePage} />
        </Router>
      ) : (
        <PairPage />
      )}
    </Frame>
  );
}

/** Shown when not even the settings of the page, or the store of the browser, could be read. */
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
