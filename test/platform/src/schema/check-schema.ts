import { apiSchemaOf, type RegisteredDocument } from '@7pay/gateway';
import { compose } from '../supergraph.ts';
import { schemaChanges } from './breaking-changes.ts';
import { type AllowedHint, staleAllowances, unallowedHints } from './composition-hints.ts';
import { clashingRequires } from './required-arguments.ts';
import { undescribed } from './undescribed.ts';

export interface SchemaCheck {
  /** The composed supergraph; nothing if it does not compose. */
  readonly supergraph: string | undefined;
  /** Any of them forbids to publish. */
  readonly faults: readonly string[];
  /** What is worth a look and forbids nothing. */
  readonly remarks: readonly string[];
}

/** Judges the schemas of the subgraphs against the supergraph that serves and the documents that are asked of it. */
export function checkSchema(options: {
  readonly schemas: ReadonlyMap<string, string>;
  /** The supergraph that serves; nothing if there is none yet. */
  readonly active: string | undefined;
  readonly documents: readonly RegisteredDocument[];
  readonly allowedHints: readonly AllowedHint[];
  /** Business date: allowances end. */
  readonly today: string;
}): SchemaCheck {
  const { schemas, active, documents, allowedHints, today } = options;
  const { supergraph, errors, hints } = compose(schemas);
  const faults = [
    ...errors,
    ...unallowedHints(hints, allowedHints).map(
      ({ code, coordinate, message }) => `hint ${code} ${coordinate}: ${message}`,
    ),
    ...staleAllowances(hints, allowedHints, today),
  ];
  if (supergraph === undefined) return { supergraph, faults, remarks: [] };
  for (const [name, sdl] of schemas) {
    faults.push(...clashingRequires(sdl).map((clash) => `${name}: ${clash}`));
  }
  const after = apiSchemaOf(supergraph);
  faults.push(...undescribed(after).map((place) => `${place} has no description`));
  const before = active === undefined ? after : apiSchemaOf(active);
  const { broken, unused, dangerous } = schemaChanges({ before, after }, documents);
  faults.push(...broken.map(({ document, change }) => `breaks ${document}: ${change}`));
  return {
    supergraph,
    faults,
    remarks: [
      ...unused.map((change) => `breaking, and no registered document asks for it: ${change}`),
      ...dangerous.map((change) => `dangerous: ${change}`),
    ],
  };
}
