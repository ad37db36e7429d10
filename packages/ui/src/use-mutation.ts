import { useState } from 'preact/hooks';
import type { GraphAnswer, GraphClient, GraphFault, Operation } from './graph-client.ts';

/** An expected no: `message` is in the language on screen and says what to do. */
export interface Refusal {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
}

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
 * Sends a mutation with a single root field once per call, and tells the successes from the refusals
 * by `__typename`. `act` is what the screen shows; the call gives the same to the code that goes on.
 */
export function useMutation<
  Root extends string,
  Answer extends { __typename: string },
  Variables,
  Name extends Answer['__typename'],
>(
  graph: GraphClient,
  operation: Operation<Record<Root, Answer>, Variables>,
  expected: { root: Root; success: readonly Name[] },
): [Act, (variables: Variables) => Promise<Outcome<Extract<Answer, { __typename: Name }>>>] {
  const [act, setAct] = useState<Act>({ busy: false, refusal: null, fault: null });
  const send = async (variables: Variables) => {
    setAct({ busy: true, refusal: null, fault: null });
    const answer = await graph(operation, variables);
    const outcome = read(answer, expected.root, expected.success);
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
  success: readonly Name[],
): Outcome<Extract<Answer, { __typename: Name }>> {
  if ('fault' in answer) return { fault: answer.fault };
  const result = answer.data[root];
  if (success.some((name) => name === result.__typename)) {
    return { done: result as Extract<Answer, { __typename: Name }> };
  }
  // A member that this face does not know yet has no sentence here: its name stands for its code.
  return { refusal: { code: result.__typename, message: '', ...result } };
}
