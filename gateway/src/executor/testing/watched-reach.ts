import type { ExecutionResult } from 'graphql';
import type { Reach, SubgraphCall } from '../../reach/reach.ts';

/** A reach that remembers what it was asked. */
export interface WatchedReach extends Reach {
  readonly calls: SubgraphCall[];
  /** The representations that a subgraph was sent, all calls together. */
  representations(subgraph: string): readonly unknown[];
}

/** Watches another reach. */
export const watched = (reach: Reach): WatchedReach => watch((call) => reach.call(call));

/** A reach that answers from a table: what each subgraph says, whatever it is asked. */
export const scripted = (
  answers: Readonly<Record<string, (call: SubgraphCall) => unknown>>,
): WatchedReach =>
  watch(async (call) => {
    const answer = answers[call.subgraph];
    if (!answer) throw new Error(`nobody expected ${call.subgraph} to be asked`);
    return (await answer(call)) as ExecutionResult;
  });

function watch(answer: Reach['call']): WatchedReach {
  const calls: SubgraphCall[] = [];
  return {
    calls,
    representations: (subgraph) =>
      calls
        .filter((call) => call.subgraph === subgraph)
        .flatMap(({ request }) => representationsIn(request.variables ?? {})),
    call: (call) => {
      calls.push(call);
      return answer(call);
    },
    close: async () => {},
  };
}

/** All representations of a call, of whichever of its parts. */
const representationsIn = (variables: Readonly<Record<string, unknown>>): unknown[] =>
  Object.entries(variables).flatMap(([name, value]) =>
    name === 'representations' || /^own__\d+$/.test(name) ? (value as unknown[]) : [],
  );
