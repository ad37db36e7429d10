import { readFileSync } from 'node:fs';
import {
  activateSupergraph,
  type RegisteredDocument,
  rollBackSupergraph,
  supergraphStore,
} from '@7pay/gateway';
import { businessDate, type Clock } from '@7pay/time';
import { publicPart } from '../secrets.ts';
import { checkSchema, type SchemaCheck } from './check-schema.ts';
import { ALLOWED_HINTS } from './composition-hints.ts';
import type { SchemaConfig } from './config.ts';
import { signingKey } from './signing-key.ts';

/** The life of a supergraph on this machine: judged, published, active, taken back. */
export function supergraphLife(deps: {
  readonly config: SchemaConfig;
  /** The schema of each subgraph by name. */
  readonly schemas: ReadonlyMap<string, string>;
  readonly documents: readonly RegisteredDocument[];
  /** What serves until something is activated: a file. */
  readonly checkedIn: string;
  readonly clock: Clock;
}) {
  const { config, schemas, documents, checkedIn, clock } = deps;
  const store = supergraphStore(config.SCHEMA_STORE);
  const by = config.SCHEMA_PUBLISHER;

  const check = async (): Promise<SchemaCheck> => {
    const active = await store.pointer();
    return checkSchema({
      schemas,
      active: active
        ? (await store.read(active.digest, publicPart(signingKey(config)))).sdl
        : readFileSync(checkedIn, 'utf8'),
      documents,
      allowedHints: ALLOWED_HINTS,
      today: businessDate(clock.now()),
    });
  };

  return {
    check,
    /** @throws PublishConflict when somebody else published while we were checking */
    publish: async (): Promise<{ digest: string | undefined } & SchemaCheck> => {
      const parent = (await store.log()).at(-1)?.publication.digest ?? null;
      const judged = await check();
      const { supergraph: sdl, faults } = judged;
      if (sdl === undefined || faults.length > 0) return { ...judged, digest: undefined };
      const key = signingKey(config);
      const { digest } = await store.publish({
        sdl,
        documents,
        by,
        at: clock.now(),
        parent,
        key,
      });
      return { ...judged, digest };
    },
    activate: (digest: string) =>
      activateSupergraph(store, digest, {
        publicKey: publicPart(signingKey(config)),
        documents,
        by,
        at: clock.now(),
      }),
    rollback: () =>
      rollBackSupergraph(store, {
        publicKey: publicPart(signingKey(config)),
        by,
        at: clock.now(),
      }),
  };
}
