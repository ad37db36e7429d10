import { compileProjection } from '../projection/project.ts';
import { parseFilter } from '../query/parse.ts';
import { decode } from '../values/decode.ts';
import { encode, Raw, type Encodable } from '../values/encode.ts';
import { failedToParse } from '../values/errors.ts';
import type { Doc, Value } from '../values/types.ts';
import {
  collationOf,
  docField,
  docList,
  flag,
  namespaceOf,
  targetOf,
  variablesOf,
  type Context,
  type Handler,
  type Reply,
} from './context.ts';
import { modify, type ModifyResult } from './modify.ts';
import { remember, remembered, statementId } from './write.ts';

/** `findAndModify` */
export const findAndModify: Handler = async (context) => {
  const { body } = context;
  const removes = flag(body, 'remove');
  const update = body.get('update');
  if (removes && (update !== undefined || flag(body, 'upsert') || flag(body, 'new'))) {
    throw failedToParse("Cannot specify an update, 'upsert' or 'new' along with 'remove'");
  }
  if (!removes && update === undefined)
    throw failedToParse('Either an update or remove=true must be specified');
  const statement = statementId(context, 0);
  const earlier = remembered(context, statement);
  if (earlier) return { ...fromKept(earlier), retriedStmtIds: [statement] };
  let reply: Reply = {};
  const answer = (result: ModifyResult): void => {
    reply = replyOf(context, result, removes);
    remember(context, [[statement, keep(reply)]]);
  };
  const result = await modify(
    context,
    {
      ns: namespaceOf(context),
      filter: docField(body, 'query') ?? new Map(),
      update: removes ? null : (update as Value),
      multi: false,
      upsert: flag(body, 'upsert'),
      sort: body.get('sort'),
      collation: body.get('collation'),
      hint: body.get('hint'),
      arrayFilters: body.has('arrayFilters') ? docList(body, 'arrayFilters') : [],
      variables: variablesOf(context),
      validate: !flag(body, 'bypassDocumentValidation'),
    },
    answer,
  );
  return context.transaction ? replyOf(context, result, removes) : reply;
};

function replyOf(context: Context, result: ModifyResult, removes: boolean): Reply {
  const image = flag(context.body, 'new') ? result.after : result.before;
  const value: Encodable = image ? shown(context, image) : null;
  if (removes) return { lastErrorObject: { n: result.matched }, value };
  return {
    lastErrorObject: {
      n: result.matched,
      updatedExisting: result.matched > 0 && result.upsertedId === undefined,
      upserted: result.upsertedId,
    },
    value,
  };
}

function shown(context: Context, bytes: Buffer): Raw {
  const spec = docField(context.body, 'fields');
  if (!spec || spec.size === 0) return new Raw(bytes);
  const variables = variablesOf(context);
  const collation = collationOf(targetOf(context), context.body.get('collation'));
  const filter = parseFilter(docField(context.body, 'query') ?? new Map(), {
    collation,
    variables,
  });
  return new Raw(
    encode(
      compileProjection(spec, { kind: 'find', variables, collation, filter }).apply(decode(bytes)),
    ),
  );
}

// The answer is kept by value: later additions to the reply must not leak into a retry.
const keep = (reply: Reply): Doc => decode(encode(reply));
const fromKept = (kept: Doc): Reply => Object.fromEntries(kept);
