import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { getNamedType, isInterfaceType, isNonNullType, isObjectType } from 'graphql';
import type { Kinds } from './kinds.ts';
import { isJsonObject, type JsonObject, own, setOwn } from './own-keys.ts';
import type { Rewrite } from './rewrites.ts';

/** Makes what a subgraph is told of an entity; undefined if it cannot be asked for this one. */
export type Represent = (entity: JsonObject) => JsonObject | undefined;

/** Copies a part of an entity. False: without it the subgraph cannot be asked. */
type CopyPart = (entity: JsonObject, copy: JsonObject) => boolean;

const MISSING = Symbol('a required value is missing');

/**
 * Compiles what a plan requires of an entity. A missing value, or null where the schema has none, means that this
 * entity is not asked for; a null that is allowed is sent.
 */
export function compileRepresent(
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly Rewrite[],
  kinds: Kinds,
): Represent {
  const copyAll = compileParts(requires, undefined, kinds);
  return (entity) => {
    const copy: JsonObject = {};
    if (!copyAll(entity, copy) || typeof copy['__typename'] !== 'string') return undefined;
    for (const rewrite of rewrites) rewrite(copy);
    return copy;
  };
}

function compileParts(
  selections: readonly QueryPlanSelectionNode[],
  type: string | undefined,
  kinds: Kinds,
): CopyPart {
  const parts = selections.map((selection) =>
    selection.kind === 'Field'
      ? compileField(selection, type, kinds)
      : compileFragment(selection, type, kinds),
  );
  return (entity, copy) => {
    for (const part of parts) if (!part(entity, copy)) return false;
    return true;
  };
}

function compileFragment(
  { typeCondition, selections }: Extract<QueryPlanSelectionNode, { kind: 'InlineFragment' }>,
  type: string | undefined,
  kinds: Kinds,
): CopyPart {
  const inner = compileParts(selections, typeCondition ?? type, kinds);
  if (typeCondition === undefined) return inner;
  return (entity, copy) =>
    !kinds.meets(own(entity, '__typename'), typeCondition) || inner(entity, copy);
}

function compileField(
  { name, alias, selections }: Extract<QueryPlanSelectionNode, { kind: 'Field' }>,
  type: string | undefined,
  kinds: Kinds,
): CopyPart {
  const key = alias ?? name;
  const declared = declaredType(type, name, kinds);
  const mayBeNull = !isNonNullType(declared);
  const inner = selections?.length
    ? compileParts(selections, declared ? getNamedType(declared).name : undefined, kinds)
    : undefined;
  return (entity, copy) => {
    const value = copyOf(own(entity, key), inner);
    if (value === MISSING || (value === null && !mayBeNull)) return false;
    setOwn(copy, key, value);
    return true;
  };
}

function declaredType(type: string | undefined, field: string, kinds: Kinds) {
  const named = type === undefined ? undefined : kinds.type(type);
  return isObjectType(named) || isInterfaceType(named) ? named.getFields()[field]?.type : undefined;
}

function copyOf(value: unknown, inner: CopyPart | undefined): unknown {
  if (value === undefined) return MISSING;
  if (value === null || !inner) return value;
  if (Array.isArray(value)) {
    return value.map((item) => {
      const copy = copyOf(item, inner);
      return copy === MISSING ? null : copy;
    });
  }
  if (!isJsonObject(value)) return MISSING;
  const copy: JsonObject = {};
  return inner(value, copy) ? copy : MISSING;
}
