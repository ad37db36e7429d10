import { CommandError } from '../values/errors.ts';
import type { Doc, Value } from '../values/types.ts';
import { compileExpr } from '../expression/compile.ts';
import { each, type Stage, type StageContext } from './stage.ts';

const DECISIONS = new Map<string, Value>([
  ['DESCEND', 'descend'],
  ['PRUNE', 'prune'],
  ['KEEP', 'keep'],
]);

/** `$redact`: an expression decides of every document, and of those inside of it, what is shown. */
export function redact(spec: Value, { variables, collation }: StageContext): Stage {
  const given = new Map<string, Value | undefined>([...variables, ...DECISIONS]);
  const decide = compileExpr(spec, new Set([...given.keys(), 'ROOT']));
  return each((root) => {
    const scope = new Map([...given, ['ROOT', root] as const]);
    const shown = (doc: Doc): Doc | undefined => {
      const decision = decide({ root: doc, variables: scope, collation });
      if (decision === 'keep') return doc;
      if (decision === 'prune') return undefined;
      if (decision !== 'descend')
        throw new CommandError(17053, '$redact must return one of $$KEEP, $$PRUNE or $$DESCEND');
      const out: Doc = new Map();
      for (const [name, value] of doc) {
        const inside = inner(value);
        if (inside !== undefined) out.set(name, inside);
      }
      return out;
    };
    const inner = (value: Value): Value | undefined => {
      if (value instanceof Map) return shown(value);
      if (!Array.isArray(value)) return value;
      return value.map(inner).filter((item) => item !== undefined);
    };
    return shown(root);
  });
}
