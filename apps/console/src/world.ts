import type { GraphClient, LiveClient, Session } from '@7pay/ui';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What the screens reach the outside through; made once in `main.tsx`. */
export interface World {
  readonly session: Session;
  readonly graph: GraphClient;
  readonly live: LiveClient;
  readonly newId: () => string;
  /** The address of 7iD. */
  readonly issuer: string;
  /** For what asks for a login made now; comes back to the page that is shown. */
  readonly logInAgain: () => void;
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
