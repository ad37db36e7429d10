import {
  Button,
  ErrorPanel,
  formatTime,
  Loading,
  locale,
  Page,
  RefusalPanel,
  strongAcr,
  useAnswer,
  useMutation,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { devicesQuery, removePaymentDevice } from '../operations.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** The devices that make codes for this wallet; removing one ends every code that is out. */
export function DevicesPage(): JSX.Element {
  const { graph, session } = useWorld();
  const asked = useAnswer((signal) => graph(devicesQuery, {}, { signal }));
  const [act, send] = useMutation(graph, removePaymentDevice, {
    root: 'removePaymentDevice',
    success: ['PaymentDeviceRemoved'],
  });
  const remove = async (deviceId: string) => {
    await send({ deviceId });
    asked.again();
  };
  const devices = asked.data?.paymentDevices;
  return (
    <Page title={t('devicesTitle')} face={t('face')}>
      <p class="muted">{t('devicesLead')}</p>
      {asked.fault && <ErrorPanel fault={asked.fault} onRetry={asked.again} />}
      {act.fault && <ErrorPanel fault={act.fault} />}
      {act.refusal && (
        <RefusalPanel refusal={act.refusal}>
          <div class="row">
            <Button
              onClick={() => void session.signIn({ returnTo: '/wallet/devices', acr: strongAcr })}
            >
              {t('prove')}
            </Button>
          </div>
        </RefusalPanel>
      )}
      {!devices && !asked.fault && <Loading />}
      {devices?.length === 0 && <p>{t('devicesEmpty')}</p>}
      <ul class="list">
        {devices?.map((device, index) => (
          <li key={device.id} class="row row--apart">
            <span>
              {device.name || t('deviceNumber', { number: index + 1 })}
              <br />
              <span class="muted small">
                {t('deviceContact', { at: formatTime(device.contactAt, locale.value) })}
              </span>
            </span>
            <Button kind="danger" armed busy={act.busy} onClick={() => void remove(device.id)}>
              {t('deviceRemove')}
            </Button>
          </li>
        ))}
      </ul>
      <a class="button button--secondary button--wide" href="/wallet/">
        {t('toHome')}
      </a>
    </Page>
  );
}
