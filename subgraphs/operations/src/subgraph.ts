import { openCutOffStore, openSwitchStore, SWITCH_COLLECTION } from '@7pay/controls';
import { defineSubgraph, type ServiceDeps, type Subgraph } from '@7pay/graphql';
import { changeFeed } from '@7pay/mongo';
import { operationsContext } from './context.ts';
import { approveCutOff, proposeCutOff, takeBackCutOff } from './cut-off/change-cut-off.ts';
import { CutOffChangesResolver } from './cut-off/change-cut-off.graphql.ts';
import { CutOffResolver } from './cut-off/cut-off.graphql.ts';
import { closeSwitch, openSwitch } from './switch/flip-switch.ts';
import { SwitchChangesResolver } from './switch/switch-changes.graphql.ts';
import { switchReference, SwitchResolver } from './switch/switch.graphql.ts';
import { openOperationsUnitOfWork } from './unit-of-work.ts';

/** The operations subgraph: the switches and cut-offs, and the record of who moved them. */
export function operationsSubgraph({
  connection,
  controls,
  clock,
  ids,
  log,
}: ServiceDeps): Subgraph {
  const unitOfWork = openOperationsUnitOfWork(connection);
  const refresh = () => controls.refresh();
  const changes = changeFeed(connection, {
    collection: SWITCH_COLLECTION,
    fields: ['_id'],
    onBroken: (cause) => log.warn('changes.broken', { collection: SWITCH_COLLECTION, cause }),
  });
  const stores = { switches: openSwitchStore(connection), cutOffs: openCutOffStore(connection) };
  return defineSubgraph({
    name: 'operations',
    resolvers: [SwitchResolver, SwitchChangesResolver, CutOffResolver, CutOffChangesResolver],
    references: { Switch: switchReference },
    context: operationsContext(controls, stores, {
      useCases: {
        closeSwitch: closeSwitch(unitOfWork, clock, refresh),
        openSwitch: openSwitch(unitOfWork, clock, refresh),
        proposeCutOff: proposeCutOff(unitOfWork, { clock, ids, refresh }),
        approveCutOff: approveCutOff(unitOfWork, clock, refresh),
        takeBackCutOff: takeBackCutOff(unitOfWork, clock, refresh),
      },
      changes,
    }),
    workers: [{ start: () => {}, stop: () => changes.stop() }],
    clock,
    log,
  });
}
