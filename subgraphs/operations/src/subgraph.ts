import { openSwitchStore } from '@7pay/controls';
import { defineSubgraph, type ServiceDeps, type Subgraph } from '@7pay/graphql';
import { operationsContext } from './context.ts';
import { closeSwitch, openSwitch } from './switch/flip-switch.ts';
import { switchReference, SwitchResolver } from './switch/switch.graphql.ts';
import { openOperationsUnitOfWork } from './unit-of-work.ts';

/** The operations subgraph: the switches, and the record of who moved them. */
export function operationsSubgraph({ connection, controls, clock, log }: ServiceDeps): Subgraph {
  const unitOfWork = openOperationsUnitOfWork(connection);
  const refresh = () => controls.refresh();
  return defineSubgraph({
    name: 'operations',
    resolvers: [SwitchResolver],
    references: { Switch: switchReference },
    context: operationsContext(controls, openSwitchStore(connection), {
      closeSwitch: closeSwitch(unitOfWork, clock, refresh),
      openSwitch: openSwitch(unitOfWork, clock, refresh),
    }),
    clock,
    log,
  });
}
