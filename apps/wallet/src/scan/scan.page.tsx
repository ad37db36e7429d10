import {
  Button,
  ErrorPanel,
  Field,
  type GraphFault,
  Page,
  type Refusal,
  RefusalPanel,
} from '@7pay/ui';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Scanned, scannedQuery } from '../operations.ts';
import { useOpenRequest } from '../open-request/use-open-request.ts';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';
import { hasCamera, readByCamera } from './camera.ts';
import { ConfirmQr, type QrPayment } from './confirm-qr.tsx';

const textMax = 600;

/** Paying by a code that the store shows: scan or paste, look, confirm. Nothing is paid by scanning. */
export function ScanPage(): JSX.Element {
  const { graph } = useWorld();
  const request = useOpenRequest<QrPayment>('payment');
  // What was sent and has no clear answer comes first.
  const [found, setFound] = useState<Scanned | null>(request.open?.what.found ?? null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [fault, setFault] = useState<GraphFault | null>(null);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);

  const look = async (text: string) => {
    setBusy(true);
    setRefusal(null);
    setFault(null);
    const answer = await graph(scannedQuery, { text: text.trim().slice(0, textMax) });
    setBusy(false);
    if ('fault' in answer) return setFault(answer.fault);
    const result = answer.data.scannedQr;
    if ('code' in result) setRefusal(result);
    else setFound(result as Scanned);
  };
  if (found) return <ConfirmQr {...{ found, request }} onBack={() => setFound(null)} />;
  return (
    <Page title={t('scanTitle')} face={t('face')}>
      <p class="muted">{t('scanLead')}</p>
      {refusal && <RefusalPanel refusal={refusal} />}
      {fault && <ErrorPanel fault={fault} />}
      {hasCamera() && <Camera onText={(text) => void look(text)} />}
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void look(typed);
        }}
      >
        <Field label={t('scanText')} hint={t('scanTextHint')}>
          <input
            autoComplete="off"
            value={typed}
            maxLength={textMax}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </Field>
        <Button type="submit" wide busy={busy}>
          {t('scanLook')}
        </Button>
      </form>
      <a class="button button--secondary button--wide" href="/wallet/">
        {t('toHome')}
      </a>
    </Page>
  );
}

function Camera({ onText }: { onText: (text: string) => void }): JSX.Element {
  const [on, setOn] = useState(false);
  const [denied, setDenied] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!on || !video.current) return;
    const stop = new AbortController();
    readByCamera(video.current, stop.signal).then(
      (text) => {
        if (stop.signal.aborted) return;
        setOn(false);
        if (text !== null) onText(text);
      },
      () => {
        setOn(false);
        setDenied(true);
      },
    );
    return () => stop.abort();
  }, [on]);
  return (
    <div class="stack">
      {on && <video ref={video} class="camera" muted playsInline aria-label={t('cameraLabel')} />}
      {denied && <p role="alert">{t('cameraDenied')}</p>}
      <Button kind={on ? 'secondary' : 'main'} wide onClick={() => setOn(!on)}>
        {on ? t('cameraOff') : t('cameraOn')}
      </Button>
    </div>
  );
}
