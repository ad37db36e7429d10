import type { Controls, CutOffStore, SwitchStore } from '@7pay/controls';
import type { Viewer } from '@7pay/graphql';
import type { ChangeFeed } from '@7pay/mongo';
import type { approveCutOff, proposeCutOff, takeBackCutOff } from './cut-off/change-cut-off.ts';
import type { closeSwitch, openSwitch } from './switch/flip-switch.ts';

/** The use cases of the operations subgraph. */
export interface OperationsUseCases {
  readonly closeSwitch: ReturnType<typeof closeSwitch>;
  readonly openSwitch: ReturnType<typeof openSwitch>;
  readonly proposeCutOff: ReturnType<typeof proposeCutOff>;
  readonly approveCutOff: ReturnType<typeof approveCutOff>;
  readonly takeBackCutOff: ReturnType<typeof takeBackCutOff>;
}

/** What resolvers work with, made anew for each request. */
export type OperationsContext = ReturnType<ReturnType<typeof operationsContext>>;

export function operationsContext(
  controls: Controls,
  { switches, cutOffs }: { switches: SwitchStore; cutOffs: CutOffStore },
  { useCases, changes }: { useCases: OperationsUseCases; changes: ChangeFeed },
) {
  return (viewer: Viewer) => ({ viewer, controls, switches, cutOffs, useCases, changes });
}
