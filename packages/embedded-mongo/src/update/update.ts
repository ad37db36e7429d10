import { CommandError, code, failedToParse } from '../values/errors.ts';
import { clone, isDoc, typeName, type Doc, type Value } from '../values/types.ts';
import type { Variables } from '../expression/compile.ts';
import type { Matcher } from '../query/matcher.ts';
import { arrayIndex } from '../query/path.ts';
import { positional } from '../projection/positional.ts';
import { arrayFilterTests } from './array-filters.ts';
import { checkPlaces, isDynamic } from './concrete-paths.ts';
import { conflict, NEVER_CREATES, OPERATORS, type UpdateSetting } from './operators.ts';
import { modify, type Change, type PathContext } from './paths.ts';
import { renameTarget, rename } from './rename.ts';
import { compileUpdatePipeline } from './pipeline.ts';

/** A compiled update: makes the new document from the old one, which it leaves alone. */
export interface Update {
  readonly replacement: boolean;
  readonly apply: (doc: Doc, mode: 'update' | 'insert') => Doc;
}

/** What an update is compiled under. */
export interface UpdateOptions {
  readonly arrayFilters: readonly Doc[];
  readonly filter: Matcher;
  readonly variables: Variables;
  readonly clock: Omit<UpdateSetting, 'collation'>;
}

/**
 * Compiles the `u` of an update: modifiers, a replacement or a pipeline.
 * @throws CommandError 9 on an unknown modifier, 40 on conflicting paths
 */
export function compileUpdate(u: Value, options: UpdateOptions): Update {
  if (Array.isArray(u)) {
    if (options.arrayFilters.length > 0)
      throw failedToParse('arrayFilters may not be specified for pipeline-style updates');
    return {
      replacement: false,
      apply: compileUpdatePipeline(u, options.variables, options.filter.collation),
    };
  }
  if (!isDoc(u))
    throw failedToParse(
      `Update argument must be either an object or an array, found ${typeName(u)}`,
    );
  const [first] = u.keys();
  return first?.startsWith('$') ? modifiers(u, options) : replacement(u, options);
}

function replacement(u: Doc, options: UpdateOptions): Update {
  for (const name of u.keys()) {
    if (name.startsWith('$'))
      throw new CommandError(
        code.DollarPrefixedFieldName,
        `The dollar ($) prefixed field '${name}' in '${name}' is not valid for storage.`,
      );
  }
  if (options.arrayFilters.length > 0)
    throw failedToParse('arrayFilters may not be specified for a replacement');
  return {
    replacement: true,
    apply: (doc) => {
      const id = u.get('_id') ?? doc.get('_id');
      const out: Doc = new Map();
      if (id !== undefined) out.set('_id', id);
      for (const [name, value] of u) out.set(name, clone(value));
      return out;
    },
  };
}

interface Modifier {
  readonly op: string;
  readonly field: string;
  readonly path: readonly string[];
  readonly change: Change;
  /** `$rename`: where the value goes. */
  readonly to?: readonly string[];
}

function modifiers(u: Doc, options: UpdateOptions): Update {
  const list: Modifier[] = [];
  for (const [op, fields] of u) {
    if (!op.startsWith('$') || (op !== '$rename' && !OPERATORS.has(op))) {
      throw failedToParse(
        `Unknown modifier: ${op}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(fields))
      throw failedToParse(
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${op}: ${typeName(fields)}}`,
      );
    for (const [field, operand] of fields) list.push(modifier(op, field, operand, options));
  }
  checkConflicts(list);
  const filters = arrayFilterTests(
    options.arrayFilters,
    list.map((m) => m.path),
    options.filter.collation,
  );
  const ordered = list.sort((a, b) => comparePaths(a.path, b.path)); // as MongoDB adds new fields
  const places = list.flatMap((m) => (m.to ? [m.path, m.to] : [m.path]));
  const dynamic = places.length > 1 && places.some(isDynamic);
  const finders = new Map<string, (doc: Doc) => number>();
  return {
    replacement: false,
    apply: (doc, mode) => {
      const position = (arrayPath: string): number => {
        if (mode === 'insert') return -1; // an upsert matched nothing
        let finder = finders.get(arrayPath);
        if (!finder) finders.set(arrayPath, (finder = positional(options.filter, arrayPath)));
        return finder(doc);
      };
      if (dynamic) checkPlaces(doc, places, { position, filters });
      const out = clone(doc);
      for (const m of ordered) {
        if (m.op === '$setOnInsert' && mode !== 'insert') continue;
        run(out, m, { position, filters, creates: !NEVER_CREATES.has(m.op) });
      }
      return out;
    },
  };
}

function run(doc: Doc, m: Modifier, context: PathContext): void {
  if (!m.to) {
    modify(doc, m.path, m.change, context);
    return;
  }
  rename(doc, { from: m.path, to: m.to }, context);
}

function modifier(op: string, field: string, operand: Value, options: UpdateOptions): Modifier {
  const path = field.split('.');
  if (field === '' || path.includes(''))
    throw new CommandError(
      code.EmptyFieldName,
      `The update path '${field}' contains an empty field name, which is not allowed.`,
    );
  if (path.length > 100)
    throw new CommandError(code.Overflow, 'an update path has at most 100 parts');
  if (path[0]?.startsWith('$') && path[0] !== '$')
    throw new CommandError(
      code.DollarPrefixedFieldName,
      `The dollar ($) prefixed field '${field}' is not allowed in an update`,
    );
  if (op === '$rename')
    return { op, field, path, to: renameTarget(field, operand), change: () => undefined };
  const setting = { ...options.clock, collation: options.filter.collation };
  const make = OPERATORS.get(op) as NonNullable<ReturnType<typeof OPERATORS.get>>;
  return { op, field, path, change: make(field, operand, setting) };
}

function checkConflicts(list: readonly Modifier[]): void {
  const seen: string[] = [];
  for (const m of list) {
    for (const path of m.to ? [m.field, m.to.join('.')] : [m.field]) {
      const other = seen.find(
        (x) => x === path || x.startsWith(`${path}.`) || path.startsWith(`${x}.`),
      );
      if (other !== undefined) throw conflict(path, other.length < path.length ? other : path);
      seen.push(path);
    }
  }
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as string, b[i] as string];
    if (x === y) continue;
    const [n, m] = [arrayIndex(x), arrayIndex(y)];
    if (n >= 0 && m >= 0) return n - m;
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}
