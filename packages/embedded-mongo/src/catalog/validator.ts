import { CommandError, code } from '../values/errors.ts';
import { isDoc, type Doc, type Value } from '../values/types.ts';
import type { Plain } from '../values/encode.ts';
import { compileSchema } from '../query/json-schema.ts';
import { parseFilter } from '../query/parse.ts';

/** Checks a document against a collection's rule. @throws CommandError 121 */
export type Validator = (doc: Doc) => void;

/**
 * Compiles the `validator` of a collection's options; null when there is none or it only warns.
 * The error names the rule, and for `$jsonSchema` the keyword and the field that failed.
 */
export function compileValidator(options: Doc): Validator | null {
  const rule = options.get('validator');
  if (!isDoc(rule) || rule.size === 0) return null;
  const matcher = parseFilter(rule);
  const warnOnly =
    options.get('validationAction') === 'warn' || options.get('validationLevel') === 'off';
  if (warnOnly) return null;
  const schema = rule.get('$jsonSchema');
  const explain = isDoc(schema) ? compileSchema(schema) : null;
  return (doc) => {
    if (matcher.test(doc)) return;
    const failure = explain?.(doc) ?? null;
    const details: Plain = {
      operatorName: explain ? '$jsonSchema' : (rule.keys().next().value ?? ''),
      ...(failure
        ? { schemaRulesNotSatisfied: [{ operatorName: failure.keyword, path: failure.path }] }
        : {}),
    };
    throw new CommandError(code.DocumentValidationFailure, 'Document failed validation', {
      extra: { errInfo: { failingDocumentId: doc.get('_id') as Value, details } },
    });
  };
}
