import { CommandError, code } from '../values/errors.ts';
import { conjuncts, type Leaf, type Matcher } from '../query/matcher.ts';
import { Regex, type Doc, type Value } from '../values/types.ts';
import { modify } from './paths.ts';

/** The document an upsert starts from: what the filter says the fields are equal to. */
export function upsertBase(filter: Matcher, replacement: boolean): Doc {
  const base: Doc = new Map();
  const seen = new Set<string>();
  for (const { leaf } of conjuncts(filter.root)) {
    if (!leaf || (replacement && leaf.path !== '_id')) continue;
    const value = equalTo(leaf);
    if (value === undefined) continue;
    if (seen.has(leaf.path)) {
      throw new CommandError(
        code.NotSingleValueField,
        `cannot infer query fields to set, path '${leaf.path}' is matched twice`,
      );
    }
    const other = [...seen].find(
      (path) => path.startsWith(`${leaf.path}.`) || leaf.path.startsWith(`${path}.`),
    );
    if (other !== undefined)
      throw new CommandError(
        code.NotSingleValueField,
        `cannot infer query fields to set, both paths '${leaf.path}' and '${other}' are matched`,
      );
    seen.add(leaf.path);
    modify(base, leaf.path.split('.'), () => value, {
      position: () => -1,
      filters: new Map(),
      creates: true,
    });
  }
  return base;
}

function equalTo({ op, value }: Leaf): Value | undefined {
  if (op === '$eq') return value;
  const [only] = op === '$in' && Array.isArray(value) && value.length === 1 ? value : [];
  return only instanceof Regex ? undefined : only;
}
