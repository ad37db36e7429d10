import type { Controls, SwitchStore } from '@7pay/controls';
import type { Viewer } from '@7pay/graphql';
import type { ChangeFeed } from '@7pay/mongo';
import type { closeSwitch, openSwitch } from './switch/flip-switch.ts';

/** The use cases of the operations subgraph. */
export interface OperationsUseCases {
  readonly closeSwitch: ReturnType<typeof closeSwitch>;
  readonly openSwitch: ReturnType<typeof openSwitch>;
}

/** What resolvers work with, made anew for each request. */
export type OperationsContext = ReturnType<ReturnType<typeof operationsContext>>;

export function operationsContext(
  controls: Controls,
  switches: SwitchStore,
  { useCases, changes }: { useCases: OperationsUseCases; changes: ChangeFeed },
) {
  return (viewer: Viewer) => ({ viewer, controls, switches, useCases, changes });
}
