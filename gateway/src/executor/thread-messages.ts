import type { QueryPlan } from '@apollo/query-planner';
import type { NamedSubgraph } from './planning.ts';

/** A document for the planner, as text. */
export interface ToThread {
  readonly id: number;
  readonly text: string;
  readonly operationName: string | undefined;
}

/** What the thread of a planner tells: first that it is ready or why not, then one answer for each document. */
export type FromThread =
  | { readonly apiSdl: string; readonly subgraphs: readonly NamedSubgraph[] }
  | { readonly refused: string }
  | { readonly id: number; readonly plan: QueryPlan }
  | { readonly id: number; readonly fault: string };
