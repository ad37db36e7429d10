import { Button, Frame, Loading, Notice, Page, uiText } from '@7pay/ui';
import type { ComponentType, JSX } from 'preact';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { DevicesPage } from './devices/devices.page.tsx';
import { HistoryPage } from './history/history.page.tsx';
import { HomePage } from './home/home.page.tsx';
import { Bell } from './notices/bell.tsx';
import { NoticesPage } from './notices/notices.page.tsx';
import { DonePage } from './pay/done.page.tsx';
import { PayPage } from './pay/pay.page.tsx';
import { ProofsPage } from './proofs/proofs.page.tsx';
import { ReceiptPage } from './receipt/receipt.page.tsx';
import { RefundPage } from './refund/refund.page.tsx';
import { ScanPage } from './scan/scan.page.tsx';
import { CallbackPage } from './start/callback.page.tsx';
import { OpenWalletPage } from './start/open-wallet.page.tsx';
import { SafetyPage } from './safety/safety.page.tsx';
import { StatementPage } from './statement/statement.page.tsx';
import { StartPage } from './start/start.page.tsx';
import { AtmPage } from './top-up/atm.page.tsx';
import { CardPage } from './top-up/card.page.tsx';
import { PointsPage } from './top-up/points.page.tsx';
import { TopUpPage } from './top-up/top-up.page.tsx';
import { WaysPage } from './top-up/ways.page.tsx';
import { t } from './words.ts';
import { useWorld } from './world.ts';

/** A screen for people who are signed in; the others see how to start. */
function members<Props extends object>(
  Screen: ComponentType<Props>,
  { offline = false }: { offline?: boolean } = {},
): ComponentType<Props> {
  return function Members(props: Props) {
    const { session, deviceCodes } = useWorld();
    const status = session.status.value;
    // A phone without a network is not logged out: it goes on showing the codes of this tab’s member.
    const goesOn = offline && status === 'unreachable' && deviceCodes.isConfirmed;
    if (status === 'signed-in' || goesOn) return <Screen {...props} />;
    if (status === 'signed-out') return <StartPage />;
    if (status === 'unreachable') return <Unreachable onRetry={() => void session.restore()} />;
    return (
      <Page title={t('name')} face={t('face')} quietTitle>
        <Loading />
      </Page>
    );
  };
}

const Home = members(HomePage);
const OpenWallet = members(OpenWalletPage);
const Pay = members(PayPage, { offline: true });
const Scan = members(ScanPage);
const Devices = members(DevicesPage);
const Done = members(DonePage);
const TopUp = members(TopUpPage);
const Ways = members(WaysPage);
const AtAtm = members(AtmPage);
const ByCard = members(CardPage);
const ByPoints = members(PointsPage);
const History = members(HistoryPage);
const Safety = members(SafetyPage);
const Proofs = members(ProofsPage);
const Statement = members(StatementPage);
const Refund = members(RefundPage);
const Notices = members(NoticesPage);
const Receipt = members(ReceiptPage);

/** The wallet: the bar, and the screen that the address names. */
export function WalletApp(): JSX.Element {
  return (
    <LocationProvider scope="/wallet/">
      <Framed />
    </LocationProvider>
  );
}

function Framed(): JSX.Element {
  const { path } = useLocation();
  const { session, deviceCodes, notes } = useWorld();
  const status = session.status.value;
  const logOut = () => {
    notes.forget();
    void session.signOut();
  };
  const signedIn = status === 'signed-in';
  useEffect(() => {
    if (status === 'signed-out') deviceCodes.distrust(); // whoever comes next may be somebody else
  }, [status]);
  return (
    <Frame
      name={t('name')}
      home="/wallet/"
      path={path}
      aside={
        signedIn && (
          <>
            <Bell path={path} />
            <Button kind="plain" onClick={logOut}>
              {t('logOut')}
            </Button>
          </>
        )
      }
    >
      <Router>
        <Route path="/wallet" component={Home} />
        <Route path="/wallet/callback" component={CallbackPage} />
        <Route path="/wallet/open" component={OpenWallet} />
        <Route path="/wallet/pay" component={Pay} />
        <Route path="/wallet/scan" component={Scan} />
        <Route path="/wallet/devices" component={Devices} />
        <Route path="/wallet/done/:id" component={Done} />
        <Route path="/wallet/charge" component={TopUp} />
        <Route path="/wallet/charge/ways" component={Ways} />
        <Route path="/wallet/charge/atm" component={AtAtm} />
        <Route path="/wallet/charge/card" component={ByCard} />
        <Route path="/wallet/charge/points" component={ByPoints} />
        <Route path="/wallet/history" component={History} />
        <Route path="/wallet/safety" component={Safety} />
        <Route path="/wallet/proofs" component={Proofs} />
        <Route path="/wallet/statement" component={Statement} />
        <Route path="/wallet/refund" component={Refund} />
        <Route path="/wallet/notices" component={Notices} />
        <Route path="/wallet/receipt/:id" component={Receipt} />
        <Route default component={Home} />
      </Router>
    </Frame>
  );
}

function Unreachable({ onRetry }: { onRetry: () => void }): JSX.Element {
  return (
    <Page title={t('unreachableTitle')} face={t('face')}>
      <Notice kind="danger">
        <p>{uiText('loginIssuerUnreachable')}</p>
        <div class="row">
          <Button kind="secondary" onClick={onRetry}>
            {uiText('again')}
          </Button>
        </div>
      </Notice>
    </Page>
  );
}

/** Shown when not even the settings of the page could be read. */
export function Unusable(): JSX.Element {
  return (
    <Page title={t('name')} face={t('face')}>
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
