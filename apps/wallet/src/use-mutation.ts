import type { GraphAnswer, GraphFault, Operation } from '@7pay/ui';
import { useState } from 'preact/hooks';
import type { Refusal } from './operations.ts';
import { useWorld } from './world.ts';

/** Where an act stands: nothing yet, under way, refused, or without a clear answer. */
export interface Act {
  readonly busy: boolean;
  readonly refusal: Refusal | null;
  readonly fault: GraphFault | null;
}

/** How one sending ended. */
export type Outcome<Success> =
  | { readonly done: Success }
  | { readonly refusal: Refusal }
  | { readonly fault: GraphFault };

/**
 * Sends a mutation with a single root field once per call, and tells a success from a refusal by
 * `__typename`. `act` is what the screen shows; the call gives the same to the code that goes on.
 */
export function useMutation<
  Root extends string,
  Answer extends { __typename: string },
  Variables,
  Name extends Answer['__typename'],
>(
  operation: Operation<Record<Root, Answer>, Variables>,
  root: Root,
  success: Name,
): [Act, (variables: Variables) => Promise<Outcome<Extract<Answer, { __typename: Name }>>>] {
  const { graph } = useWorld();
  const [act, setAct] = useState<Act>({ busy: false, refusal: null, fault: null });
  const send = async (variables: Variables) => {
    setAct({ busy: true, refusal: null, fault: null });
    const answer = await graph(operation, variables);
    const outcome = read(answer, root, success);
    setAct({
      busy: false,
      refusal: 'refusal' in outcome ? outcome.refusal : null,
      fault: 'fault' in outcome ? outcome.fault : null,
    });
    return outcome;
  };
  return [act, send];
}

function read<
  Root extends string,
  Answer extends { __typename: string },
  Name extends Answer['__typename'],
>(
  answer: GraphAnswer<Record<Root, Answer>>,
  root: Root,
  success: Name,
): Outcome<Extract<Answer, { __typename: Name }>> {
  if ('fault' in answer) return { fault: answer.fault };
  const result = answer.data[root];
  if (result.__typename === success) {
    return { done: result as Extract<Answer, { __typename: Name }> };
  }
  return { refusal: result as unknown as Refusal };
}
