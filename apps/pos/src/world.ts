import type { GraphClient, LiveClient } from '@7pay/ui';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { OpenWork } from './sale/open-work.store.ts';
import type { TerminalLink } from './terminal/terminal-link.ts';

/** What the screens reach the outside through; made once in `main.tsx`. */
export interface World {
  readonly link: TerminalLink;
  readonly graph: GraphClient;
  readonly live: LiveClient;
  readonly openWork: OpenWork;
  readonly newId: () => string;
  readonly clock: { now(): Date };
}

const WorldContext = createContext<World | null>(null);

/** Gives the world to the screens. */
export const WorldProvider = WorldContext.Provider;

/** The world, inside of a screen. @throws Error outside of the provider: a bug. */
export function useWorld(): World {
  const world = useContext(WorldContext);
  if (!world) throw new Error('no world around this screen');
  return world;
}
