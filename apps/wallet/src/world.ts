import type { GraphClient, LiveClient, Session } from '@7pay/ui';
import type { MemberNotes } from './member-notes.store.ts';
import type { DeviceCodes } from './pay/device-codes.ts';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What the screens reach the outside through; made once in `main.tsx`. */
export interface World {
  readonly session: Session;
  readonly graph: GraphClient;
  readonly live: LiveClient;
  /** The codes that this browser makes by itself. */
  readonly deviceCodes: DeviceCodes;
  /** The page of 7iD with what waits for the member: new devices, tills. */
  readonly approvalsAddress: string;
  /** What this tab keeps for the member who is signed in. */
  readonly notes: MemberNotes;
  /** A new id that nobody else has. */
  readonly newId: () => string;
  /** Milliseconds that only go forward: for countdowns, whatever the clock of the phone says. */
  readonly ticks: () => number;
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
