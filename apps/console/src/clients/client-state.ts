import type { Tone } from '@7pay/ui';
import type { ClientState } from '../partner-operations.ts';
import type { Word } from '../words.ts';

/** How the state of a client is shown. */
export const clientStates: Readonly<Record<ClientState, { word: Word; tone: Tone }>> = {
  TEST: { word: 'clientTest', tone: 'caution' },
  ACTIVE: { word: 'clientActive', tone: 'success' },
  SUSPENDED: { word: 'clientSuspended', tone: 'danger' },
};
