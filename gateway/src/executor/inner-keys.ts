import { isInherited } from './own-keys.ts';
import type { Repairs } from './repairs.ts';

/** Begins the keys that we give to fields of the client on their way through planner and subgraphs. */
const PREFIX = 'own__';

/** The key of a field inside: between our planner's input and the shape of the answer. */
export type InnerKey = (field: string, clientKey: string) => string;

/** How fields are called inside. `argumented`: the fields that some `@requires` asks for with arguments. */
export const innerKeys =
  (argumented: ReadonlySet<string>, repairs: Repairs): InnerKey =>
  (field, clientKey) => {
    const separate =
      (repairs.separateArguments && argumented.has(field)) ||
      (repairs.separateAliases &&
        (clientKey !== field || isInherited(field) || field.startsWith(PREFIX)));
    return separate ? PREFIX + clientKey : clientKey;
  };

/** The client's key again, for the places of errors. */
export const clientKey = (innerKey: string): string =>
  innerKey.startsWith(PREFIX) ? innerKey.slice(PREFIX.length) : innerKey;
