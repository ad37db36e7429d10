import { CommandError, badValue, notImplemented } from '../values/errors.ts';
import { truthy } from '../values/make.ts';
import { toDouble } from '../values/number.ts';
import { isDoc, isNumber, type Doc, type Value } from '../values/types.ts';
import { compileExpression } from '../expression/compile.ts';
import { elementTest } from '../query/parse.ts';
import { positional } from './positional.ts';
import type { ProjectionOptions } from './project.ts';
import { addPath, emptyTree, type Tree } from './tree.ts';

/** Changes one field in place of showing it as it is. */
export type Shape = (doc: Doc, value: Value | undefined) => Value | undefined;

/** A field with what it is computed from. */
export type Computed = readonly [string, (doc: Doc) => Value | undefined];

/** A projection document, read. */
export interface Spec {
  readonly including: boolean;
  /** Fields to show or to leave out. */
  readonly plain: readonly string[];
  readonly computed: readonly Computed[];
  readonly slices: readonly (readonly [string, Shape])[];
  readonly elements: readonly (readonly [string, Shape])[];
  /** What is said of `_id`, null when nothing is. */
  readonly id: boolean | null;
}

/** What has been read so far. */
interface Reading {
  readonly options: ProjectionOptions;
  readonly paths: Tree<true>;
  readonly plain: string[];
  readonly computed: Computed[];
  readonly slices: [string, Shape][];
  readonly elements: [string, Shape][];
  /** Decided by the first field that shows or leaves out; `_id` alone does not decide. */
  including: boolean | null;
  id: boolean | null;
  positional: boolean;
}

/** Reads a projection document. @throws CommandError 31253/31254, 31249/31250 and their kin */
export function readSpec(spec: Doc, options: ProjectionOptions): Spec {
  const reading: Reading = {
    options,
    paths: emptyTree(),
    plain: [],
    computed: [],
    slices: [],
    elements: [],
    including: null,
    id: null,
    positional: false,
  };
  collect('', spec, reading);
  const including = reading.including ?? (reading.id === true && reading.slices.length === 0);
  return { ...reading, including };
}

function collect(prefix: string, spec: Doc, reading: Reading): void {
  for (const [name, value] of spec) {
    checkName(name, reading);
    field(prefix === '' ? name : `${prefix}.${name}`, value, reading);
  }
}

function checkName(name: string, { options }: Reading): void {
  if (name === '')
    throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
  const path = name.split('.');
  if (path.at(-1) === '') throw new CommandError(40353, "FieldPath must not end with a '.'.");
  if (path.includes(''))
    throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
  const last = options.kind === 'find' && path.at(-1) === '$' ? path.slice(0, -1) : path;
  if (last.some((part) => part.startsWith('$')))
    throw new CommandError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField. Found '${name}'`,
    );
}

function field(name: string, value: Value, reading: Reading): void {
  if (typeof value === 'boolean' || isNumber(value)) flagged(name, truthy(value), reading);
  else if (isDoc(value)) nested(name, value, reading);
  else computed(name, value, reading);
}

function flagged(name: string, shows: boolean, reading: Reading): void {
  if (name.endsWith('.$') && reading.options.kind === 'find') {
    firstMatch(name.slice(0, -2), shows, reading);
    return;
  }
  addPath(reading.paths, name.split('.'), true);
  if (name === '_id') {
    reading.id = shows;
    return;
  }
  decide(name, shows, reading);
  if (name.startsWith('_id.') && shows) reading.id = false; // a part of it stands for the whole
  reading.plain.push(name);
}

// The first field decides whether the projection shows or leaves out.
function decide(name: string, shows: boolean, reading: Reading): void {
  reading.including ??= shows;
  if (reading.including === shows) return;
  throw shows
    ? new CommandError(31253, `Cannot do inclusion on field ${name} in exclusion projection`)
    : new CommandError(31254, `Cannot do exclusion on field ${name} in inclusion projection`);
}

function computed(name: string, value: Value, reading: Reading): void {
  if (reading.including === false)
    throw new CommandError(31252, 'Cannot use expression other than $meta in exclusion projection');
  addPath(reading.paths, name.split('.'), true);
  reading.including = true;
  if (name === '_id' || name.startsWith('_id.')) reading.id = false; // the stored one makes place
  reading.computed.push([
    name,
    compileExpression(value, reading.options.variables, reading.options.collation),
  ]);
}

function nested(name: string, value: Doc, reading: Reading): void {
  const [op] = value.keys();
  if (op === undefined)
    throw new CommandError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path ${name}`,
    );
  if (!op.startsWith('$')) {
    collect(name, value, reading);
    return;
  }
  if (value.size !== 1)
    throw new CommandError(
      15983,
      `an object representing an expression must have exactly one field: ${name}`,
    );
  const operand = value.get(op) as Value;
  const find = reading.options.kind === 'find';
  if (op === '$meta') throw notImplemented('a $meta projection');
  if (find && op === '$elemMatch') elemMatch(name, operand, reading);
  else if (find && op === '$slice' && !isExpressionSlice(operand)) {
    addPath(reading.paths, name.split('.'), true);
    reading.slices.push([name, sliceOf(operand)]);
  } else computed(name, value, reading);
}

const isExpressionSlice = (v: Value): boolean => Array.isArray(v) && !v.every(isNumber);

function firstMatch(name: string, shows: boolean, reading: Reading): void {
  if (!shows || reading.including === false)
    throw new CommandError(31395, 'positional projection cannot be used with exclusion');
  if (reading.positional)
    throw new CommandError(31276, 'Cannot specify more than one positional projection per query.');
  addPath(reading.paths, name.split('.'), true);
  reading.positional = true;
  reading.including = true;
  const { filter } = reading.options;
  const find = filter && positional(filter, name);
  reading.elements.push([
    name,
    (doc, value) => {
      if (!Array.isArray(value)) return value;
      const at = find ? find(doc) : -1;
      if (at < 0)
        throw new CommandError(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        );
      return [value[at] ?? null];
    },
  ]);
}

function elemMatch(name: string, operand: Value, reading: Reading): void {
  if (!isDoc(operand))
    throw new CommandError(31274, `elemMatch: Invalid argument, object required, but got ${name}`);
  if (name.includes('.'))
    throw new CommandError(31275, 'Cannot use $elemMatch projection on a nested field');
  if (reading.including === false)
    throw new CommandError(31256, 'Cannot specify $elemMatch in an exclusion projection');
  addPath(reading.paths, [name], true);
  reading.including = true;
  const test = elementTest(operand, {
    collation: reading.options.collation,
    variables: reading.options.variables,
  });
  reading.elements.push([
    name,
    (_, value) => {
      const found = Array.isArray(value) ? value.find((item) => test(item)) : undefined;
      return found === undefined ? undefined : [found];
    },
  ]);
}

function sliceOf(operand: Value): Shape {
  if (Array.isArray(operand) && operand.length !== 2)
    throw new CommandError(28667, `$slice takes exactly 2 arguments, ${operand.length} were given`);
  const [a = 0, b] = (Array.isArray(operand) ? operand : [operand]).map((v) => {
    if (!isNumber(v)) throw badValue('$slice needs numbers in a find projection');
    return Math.trunc(toDouble(v));
  });
  if (b !== undefined && b <= 0)
    throw new CommandError(28724, 'Third argument to $slice must be positive');
  return (_, value) => {
    if (!Array.isArray(value)) return value;
    if (b === undefined) return a < 0 ? value.slice(a) : value.slice(0, a);
    const from = a < 0 ? Math.max(0, value.length + a) : a;
    return value.slice(from, from + b);
  };
}
