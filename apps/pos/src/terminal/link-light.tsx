import { StatusPill } from '@7pay/ui';
import type { JSX } from 'preact';
import { t } from '../words.ts';
import { useWorld } from '../world.ts';

/** Whether the terminal is linked: a light and a word, on every screen. */
export function LinkLight(): JSX.Element {
  switch (useWorld().link.state.value) {
    case 'linked':
      return <StatusPill tone="success" word={t('linked')} />;
    case 'unreachable':
      return <StatusPill tone="danger" word={t('offline')} />;
    case 'unknown-client':
      return <StatusPill tone="caution" word={t('notKnown')} />;
    default:
      return <StatusPill tone="quiet" word={t('linking')} />;
  }
}
