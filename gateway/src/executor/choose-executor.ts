import { ApolloGateway } from '@apollo/gateway';
import type { Log } from '@7pay/telemetry';
import type { ExecutorName } from '../config.ts';
import type { Reach } from '../reach/reach.ts';
import type { RegisteredDocument } from '../supergraph/registered-document.ts';
import { reachSource } from '../reach/reach-source.ts';
import { trySupergraph } from '../supergraph/try-supergraph.ts';
import type { FindKnown } from './known-operation.ts';
import { type NextSupergraph, OwnGateway } from './own-gateway.ts';
import { plannersInThread } from './planners-in-thread.ts';

/** What executes plans, and how it is given another supergraph. */
export interface ChosenExecutor {
  readonly gateway: OwnGateway | ApolloGateway;
  /** @throws what is wrong with it; the one before serves on */
  replace(next: NextSupergraph): Promise<void>;
  /** What was executed before and need not be read again; nothing, where plans are executed by somebody else. */
  readonly known: FindKnown;
  close(): Promise<void>;
}

export function chooseExecutor(
  name: ExecutorName,
  deps: {
    readonly supergraph: string;
    /** What is known to be asked: the own executor plans it before it serves. */
    readonly documents: readonly RegisteredDocument[];
    readonly reach: Reach;
    readonly deadlineMs: number;
    readonly log: Log;
  },
): ChosenExecutor {
  const { supergraph, documents, reach, deadlineMs, log } = deps;
  if (name === 'own') {
    const gateway = new OwnGateway({
      supergraphSdl: documents.length > 0 ? { sdl: supergraph, documents } : supergraph,
      // One way to the subgraphs for the life of the gateway: it is closed with the gateway.
      openReach: () => ({ call: (call) => reach.call(call), close: async () => {} }),
      deadlineMs,
      log,
    });
    return {
      gateway,
      replace: (next) => gateway.replace(next),
      known: (asked) => gateway.known(asked),
      close: async () => {},
    };
  }
  const threads = plannersInThread();
  let update = (_sdl: string): void => {};
  const gateway = new ApolloGateway({
    supergraphSdl: async (given) => {
      update = given.update;
      return { supergraphSdl: supergraph };
    },
    buildService: (subgraph) => reachSource(subgraph.name, reach),
  });
  return {
    gateway,
    replace: async (next) => {
      await trySupergraph(threads, next);
      update(next.sdl);
    },
    known: () => undefined,
    close: () => threads.close(),
  };
}
