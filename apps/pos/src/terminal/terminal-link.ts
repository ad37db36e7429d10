import { requestTerminalToken, TerminalRefused } from '@7pay/ui';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { PairedTerminal, TerminalStore } from './terminal.store.ts';

/**
 * How the terminal stands with 7iD. `unknown-client`: 7iD does not know the terminal, because it was paired
 * a moment ago or because somebody removed it.
 */
export type LinkState = 'starting' | 'unpaired' | 'linked' | 'unknown-client' | 'unreachable';

/** The terminal's own way to a token: its key signs an assertion (RFC 7523), nothing secret is sent. */
export interface TerminalLink {
  readonly state: ReadonlySignal<LinkState>;
  /** Reads the pairing that this browser keeps. */
  start(): Promise<void>;
  /** Keeps a new pairing, and waits some seconds until 7iD has heard of it. */
  pair(terminal: PairedTerminal): Promise<void>;
  token(): Promise<string | null>;
  /** The graph does not take the token: the next request asks for another one. */
  distrust(): void;
  /** Forgets the key of this browser. */
  unpair(): Promise<void>;
}

const learnTries = 20;
const learnPauseMs = 500;
const renewBeforeMs = 30_000;

/** Opens the link of a terminal. */
export function terminalLink(
  settings: { issuer: string; resource: string },
  deps: {
    store: TerminalStore;
    clock: { now(): Date };
    pause: (ms: number) => Promise<void>;
  },
): TerminalLink {
  const state = signal<LinkState>('starting');
  let paired: PairedTerminal | null = null;
  let token: { text: string; expiresAt: number } | null = null;
  let asking: Promise<void> | null = null;

  const fetchToken = async () => {
    if (!paired) return;
    try {
      const { text, seconds } = await requestTerminalToken({ ...settings, ...paired });
      token = { text, expiresAt: deps.clock.now().getTime() + seconds * 1000 };
      state.value = 'linked';
    } catch (cause) {
      token = null;
      state.value = cause instanceof TerminalRefused ? 'unknown-client' : 'unreachable';
    }
  };
  const fetchOnce = () => (asking ??= fetchToken().finally(() => (asking = null)));
  const isFresh = () =>
    token !== null && deps.clock.now().getTime() < token.expiresAt - renewBeforeMs;

  return {
    state,
    async start() {
      paired = await deps.store.read();
      if (paired) await fetchOnce();
      else state.value = 'unpaired';
    },
    async pair(terminal) {
      await deps.store.write(terminal);
      paired = terminal;
      // The pairing reaches 7iD as an event, a moment after the graph has answered.
      for (let tries = 0; tries < learnTries; tries += 1) {
        await fetchOnce();
        if (state.value === 'linked') return;
        if (tries < learnTries - 1) state.value = 'starting';
        await deps.pause(learnPauseMs);
      }
    },
    async token() {
      if (paired && !isFresh()) await fetchOnce();
      return token?.text ?? null;
    },
    distrust() {
      token = null;
    },
    async unpair() {
      await deps.store.forget();
      paired = null;
      token = null;
      state.value = 'unpaired';
    },
  };
}
