import type { QueryPlan } from '@apollo/query-planner';
import type { NamedSubgraph } from './planning.ts';
import type { Repairs } from './repairs.ts';

/** What the thread of planners is asked. Each question has a number; so has each planner. */
export type ToThread =
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly planner: number;
      readonly sdl: string;
      readonly repairs: Repairs;
    }
  | {
      readonly kind: 'plan';
      readonly id: number;
      readonly planner: number;
      /** The document for the planner, as text. */
      readonly text: string;
      readonly operationName: string | undefined;
    }
  | { readonly kind: 'close'; readonly planner: number };

/** A planner of the thread, as others see it. */
export interface OpenedPlanner {
  /** What clients see of the supergraph, as text. */
  readonly apiSdl: string;
  readonly subgraphs: readonly NamedSubgraph[];
}

/** The answer to a question, or why there is none. */
export type FromThread =
  | { readonly id: number; readonly value: OpenedPlanner | QueryPlan }
  | { readonly id: number; readonly fault: string };
