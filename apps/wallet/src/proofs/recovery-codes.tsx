import { Button, Notice } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';

/** Recovery codes, shown this once. */
export function RecoveryCodes(props: {
  codes: readonly string[];
  onKept: () => void;
}): JSX.Element {
  return (
    <Notice kind="caution" title={t('codesTitle')}>
      <p>{t('codesLead')}</p>
      <ul class="list">
        {props.codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="row">
        <Button kind="secondary" onClick={() => window.print()}>
          {t('print')}
        </Button>
        <Button onClick={props.onKept}>{t('codesKept')}</Button>
      </div>
    </Notice>
  );
}
