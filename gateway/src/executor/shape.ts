import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import {
  BUBBLE,
  type Complete,
  completeList,
  completeObject,
  type Fault,
  type FieldShape,
  note,
  type Pass,
} from './completion.ts';
import type { InnerKey } from './inner-keys.ts';
import { leafReader } from './leaves.ts';
import { isJsonObject, type JsonObject } from './own-keys.ts';
import { type AnswerType, fieldsOf, type Selections } from './selection.ts';

/** What an operation with its switches set so makes of what the subgraphs sent. */
export interface Shape {
  /** Fields about the schema itself; their values are expected among the others, under their inner keys. */
  readonly introspection: readonly FieldNode[];
  /** Whether anything is asked that a subgraph has to answer. */
  readonly wantsData: boolean;
  apply(root: JsonObject): { readonly data: JsonObject | null; readonly faults: readonly Fault[] };
}

interface Compiler {
  readonly selections: Selections;
  readonly innerKey: InnerKey;
}

/** Compiles the selection of an operation for one setting of its switches. */
export function compileShape(
  selections: Selections,
  rootSet: SelectionSetNode,
  rootType: AnswerType,
  innerKey: InnerKey,
): Shape {
  const compiler = { selections, innerKey };
  const asked = [...fieldsOf(selections, [rootSet], rootType)];
  const introspection = asked.flatMap(([, nodes]) => nodes.filter(isIntrospection));
  const fields = asked.map(([key, nodes]) =>
    nodes.some(isIntrospection)
      ? { key, innerKey: innerKey(nameOf(nodes), key), complete: asItIs }
      : compileField(compiler, key, nodes, rootType),
  );
  const run = (root: JsonObject, pass: Pass) => completeObject(root, fields, pass, undefined);
  return {
    introspection,
    wantsData: asked.some(([, nodes]) => !nameOf(nodes).startsWith('__')),
    apply: (root) => {
      const first: Pass = { failed: false, faults: undefined };
      const data = run(root, first);
      if (!first.failed) return { data, faults: [] };
      const faults: Fault[] = [];
      return { data: run(root, { failed: false, faults }), faults };
    },
  };
}

const nameOf = (nodes: readonly FieldNode[]): string => nodes[0]?.name.value ?? '';

const isIntrospection = ({ name }: FieldNode): boolean =>
  name.value === '__schema' || name.value === '__type';

const asItIs: Complete = (value) => value ?? null;

function compileFields(
  compiler: Compiler,
  sets: readonly SelectionSetNode[],
  type: AnswerType,
): readonly FieldShape[] {
  return [...fieldsOf(compiler.selections, sets, type)].map(([key, nodes]) =>
    compileField(compiler, key, nodes, type),
  );
}

function compileField(
  compiler: Compiler,
  key: string,
  nodes: readonly FieldNode[],
  type: AnswerType,
): FieldShape {
  const name = nameOf(nodes);
  const innerKey = compiler.innerKey(name, key);
  // The name of the type is never taken from the wire: subgraphs may call their roots otherwise.
  if (name === '__typename') return { key, innerKey, complete: typeName(type) };
  const field = type.getFields()[name];
  if (!field) throw new Error(`${type.name} has no field ${name}`);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return { key, innerKey, complete: completer(compiler, field.type, sets, `${type.name}.${name}`) };
}

function typeName(type: AnswerType): Complete {
  if (isObjectType(type)) return () => type.name;
  return (_value, pass, at) => {
    note(pass, at, `The concrete type of ${type.name} is not known.`);
    return BUBBLE;
  };
}

function completer(
  compiler: Compiler,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
  where: string,
): Complete {
  if (isNonNullType(type)) {
    return neverNull(completer(compiler, type.ofType, sets, where), where);
  }
  if (isListType(type)) {
    const item = completer(compiler, type.ofType, sets, where);
    return nullOr((value, pass, at) => {
      if (Array.isArray(value)) return completeList(value, item, pass, at);
      note(pass, at, `A list is expected for ${where}.`);
      return null;
    });
  }
  if (isLeafType(type)) {
    const read = leafReader(type);
    return nullOr((value, pass, at) => {
      const leaf = read(value);
      if (leaf !== undefined) return leaf;
      note(pass, at, `${type.name} cannot be what was sent for ${where}.`);
      return null;
    });
  }
  return object(compiler, type, sets, where);
}

/** A null is noted once, where it was sent; on its way up it is silent. */
function neverNull(inner: Complete, where: string): Complete {
  return (value, pass, at) => {
    if (value === null || value === undefined) {
      note(pass, at, `${where} may not be null.`);
      return BUBBLE;
    }
    return inner(value, pass, at) ?? BUBBLE;
  };
}

const nullOr =
  (inner: Complete): Complete =>
  (value, pass, at) =>
    value === null || value === undefined ? null : inner(value, pass, at);

function object(
  compiler: Compiler,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
  where: string,
): Complete {
  const fieldsFor = fieldsByType(compiler, type, sets);
  return nullOr((value, pass, at) => {
    if (!isJsonObject(value)) {
      note(pass, at, `An object is expected for ${where}.`);
      return null;
    }
    const fields = fieldsFor(value['__typename']);
    if (fields) return completeObject(value, fields, pass, at);
    note(pass, at, `${where} has a type that it cannot have.`);
    return null;
  });
}

/** The fields for what an object calls itself, compiled when first met; none for a type that it cannot have. */
function fieldsByType(
  compiler: Compiler,
  declared: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): (name: unknown) => readonly FieldShape[] | undefined {
  const { schema } = compiler.selections;
  if (isObjectType(declared)) {
    let fields: readonly FieldShape[] | undefined;
    return () => (fields ??= compileFields(compiler, sets, declared));
  }
  const known = new Map<string, readonly FieldShape[]>();
  return (name) => {
    // An interface object that nobody asked for its concrete type is known by its interface, or by no name at all.
    const actual = name === undefined && isInterfaceType(declared) ? declared.name : name;
    if (typeof actual !== 'string') return undefined;
    const met = known.get(actual);
    if (met) return met;
    const type = schema.getType(actual);
    if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
    if (type !== declared && !schema.isSubType(declared, type)) return undefined;
    const fields = compileFields(compiler, sets, type);
    known.set(actual, fields);
    return fields;
  };
}
