import { CommandError } from '../values/errors.ts';
import { isDoc, typeName, type Doc, type Value } from '../values/types.ts';
import { compileExpression, type Variables } from '../expression/compile.ts';
import { splitPath } from '../query/path.ts';
import type { Collation } from '../query/text-fold.ts';
import { compileProjection } from '../projection/project.ts';
import { addPath, assign, emptyTree, exclude } from '../projection/tree.ts';

/** A stage that makes one document of each document. */
export type Transform = (doc: Doc) => Doc;

/** Compiles the stages that change documents one by one. */
export const TRANSFORMS: Readonly<
  Record<string, (spec: Value, variables: Variables, collation: Collation | null) => Transform>
> = {
  $project: (spec, variables, collation) => {
    if (!isDoc(spec)) throw new CommandError(15969, '$project specification must be an object');
    if (spec.size === 0)
      throw new CommandError(51272, 'projection specification must have at least one field');
    return compileProjection(spec, { kind: 'aggregate', variables, collation }).apply;
  },
  $addFields: addFields,
  $set: addFields,
  $unset: (spec) => {
    const fields = Array.isArray(spec) ? spec : [spec];
    const tree = emptyTree<true>();
    for (const field of fields) {
      if (typeof field !== 'string' || field === '')
        throw new CommandError(
          31002,
          '$unset specification must be a string or an array of strings',
        );
      addPath(tree, splitPath(field), true);
    }
    return (doc) => exclude(doc, tree);
  },
  $replaceRoot: (spec, variables, collation) => {
    const newRoot = isDoc(spec) ? spec.get('newRoot') : undefined;
    if (newRoot === undefined || (isDoc(spec) && spec.size !== 1))
      throw new CommandError(40229, "expected 'newRoot' as the only option of $replaceRoot");
    return replaceWith(newRoot, variables, collation);
  },
  $replaceWith: replaceWith,
};

function addFields(spec: Value, variables: Variables, collation: Collation | null): Transform {
  if (!isDoc(spec) || spec.size === 0)
    throw new CommandError(40272, '$addFields specification stage must be a nonempty object');
  const fields: [string[], (doc: Doc) => Value | undefined][] = [];
  collect([], spec, (source) => compileExpression(source, variables, collation), fields);
  const check = emptyTree<true>();
  for (const [path] of fields) addPath(check, path, true);
  return (doc) => {
    const tree = emptyTree<() => Value | undefined>();
    for (const [path, compute] of fields) {
      const value = compute(doc); // every field reads the document as it came in
      addPath(tree, path, () => value);
    }
    return assign(doc, tree) as Doc;
  };
}

// A nested document of plain names sets the fields below; anything else is an expression.
function collect(
  prefix: string[],
  spec: Doc,
  compile: (source: Value) => (doc: Doc) => Value | undefined,
  out: [string[], (doc: Doc) => Value | undefined][],
): void {
  for (const [name, value] of spec) {
    if (name === '' || name.startsWith('$'))
      throw new CommandError(
        16410,
        `FieldPath field names may not be empty or start with '$': '${name}'`,
      );
    const path = [...prefix, ...splitPath(name)];
    const [first] = isDoc(value) ? value.keys() : [];
    if (isDoc(value) && first !== undefined && !first.startsWith('$'))
      collect(path, value, compile, out);
    else out.push([path, compile(value)]);
  }
}

function replaceWith(spec: Value, variables: Variables, collation: Collation | null): Transform {
  const compute = compileExpression(spec, variables, collation);
  return (doc) => {
    const out = compute(doc);
    if (!isDoc(out))
      throw new CommandError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was of type ${typeName(out)}`,
      );
    return out;
  };
}
