import { openSwitchStore, SWITCH_COLLECTION } from '@7pay/controls';
import { defineSubgraph, type ServiceDeps, type Subgraph } from '@7pay/graphql';
import { changeFeed } from '@7pay/mongo';
import { operationsContext } from './context.ts';
import { closeSwitch, openSwitch } from './switch/flip-switch.ts';
import { SwitchChangesResolver } from './switch/switch-changes.graphql.ts';
import { switchReference, SwitchResolver } from './switch/switch.graphql.ts';
import { openOperationsUnitOfWork } from './unit-of-work.ts';

/** The operations subgraph: the switches, and the record of who moved them. */
export function operationsSubgraph({ connection, controls, clock, log }: ServiceDeps): Subgraph {
  const unitOfWork = openOperationsUnitOfWork(connection);
  const refresh = () => controls.refresh();
  const changes = changeFeed(connection, {
    collection: SWITCH_COLLECTION,
    fields: ['_id'],
    onBroken: (cause) => log.warn('changes.broken', { collection: SWITCH_COLLECTION, cause }),
  });
  return defineSubgraph({
    name: 'operations',
    resolvers: [SwitchResolver, SwitchChangesResolver],
    references: { Switch: switchReference },
    context: operationsContext(controls, openSwitchStore(connection), {
      useCases: {
        closeSwitch: closeSwitch(unitOfWork, clock, refresh),
        openSwitch: openSwitch(unitOfWork, clock, refresh),
      },
      changes,
    }),
    workers: [{ start: () => {}, stop: () => changes.stop() }],
    clock,
    log,
  });
}
