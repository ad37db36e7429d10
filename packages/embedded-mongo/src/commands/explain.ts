import type { Plan } from '../index/planner.ts';
import { parseFilter } from '../query/parse.ts';
import { find, PAUSE, type Execution } from '../query/find.ts';
import { parseCollation } from '../query/text-fold.ts';
import { parseSort } from '../sort/sort.ts';
import type { Plain } from '../values/encode.ts';
import { badValue, CommandError, code, notImplemented } from '../values/errors.ts';
import { isDoc, type Doc } from '../values/types.ts';
import {
  docField,
  docList,
  targetOf,
  namespaceOf,
  viewOf,
  variablesOf,
  type Context,
  type Handler,
  type Reply,
} from './context.ts';
import { planFind } from './find.ts';

const VERBOSITIES = new Set(['queryPlanner', 'executionStats', 'allPlansExecution']);

/** `explain` of a find, count, distinct, update, delete, findAndModify or of the head of an aggregate. */
export const explain: Handler = async (context) => {
  const inner = docField(context.body, 'explain');
  const [name] = inner?.keys() ?? [];
  if (!inner || name === undefined)
    throw new CommandError(code.FailedToParse, 'explain needs a command');
  const verbosity = context.body.get('verbosity') ?? 'allPlansExecution';
  if (typeof verbosity !== 'string' || !VERBOSITIES.has(verbosity))
    throw badValue(
      `Enumeration value '${String(verbosity)}' for field 'explain.verbosity' is not a valid value.`,
    );
  return explainCommand({ ...context, name, body: inner }, verbosity);
};

/** Plans a command, runs the plan unless only the plan is asked for, and reports what was counted. */
export async function explainCommand(context: Context, verbosity: string): Promise<Reply> {
  const planned = planOf(context);
  const ns = namespaceOf(context);
  const winningPlan = planned ? stageOf(planned, context.body) : { stage: 'EOF' };
  const base: Plain = {
    explainVersion: '1',
    queryPlanner: { namespace: ns, parsedQuery: filterOf(context), winningPlan, rejectedPlans: [] },
    command: context.body,
    serverInfo: { host: context.peer.host, version: '8.0.0' },
  };
  if (verbosity === 'queryPlanner') return base;
  let nReturned = 0;
  const from = context.engine.now();
  for (const match of planned?.matches ?? []) {
    if (match === PAUSE) await context.budget.pause();
    else nReturned++;
  }
  const counts = planned?.counts ?? { keys: 0, docs: 0 };
  return {
    ...base,
    executionStats: {
      executionSuccess: true,
      nReturned,
      executionTimeMillis: Math.round(context.engine.now() - from),
      totalKeysExamined: counts.keys,
      totalDocsExamined: counts.docs,
      executionStages: winningPlan,
    },
  };
}

function filterOf(context: Context): Doc {
  const { body, name } = context;
  if (name === 'find') return docField(body, 'filter') ?? new Map();
  if (name === 'update' || name === 'delete')
    return docField(docList(body, `${name}s`)[0] ?? new Map(), 'q') ?? new Map();
  if (name !== 'aggregate') return docField(body, 'query') ?? new Map();
  const [first] = docList(body, 'pipeline');
  return (first && docField(first, '$match')) ?? new Map();
}

function planOf(context: Context): Execution | null {
  const { body, name } = context;
  if (name === 'find') return planFind(context, body)?.execution ?? null;
  if (!['count', 'distinct', 'update', 'delete', 'findAndModify', 'aggregate'].includes(name))
    throw notImplemented(`explain of '${name}'`);
  const collection = targetOf(context);
  if (!collection) return null;
  const statement =
    name === 'update' || name === 'delete' ? (docList(body, `${name}s`)[0] ?? new Map()) : body;
  const collation = parseCollation(statement.get('collation'));
  const single = name === 'findAndModify' || (name === 'update' && statement.get('multi') !== true);
  return find({
    collection,
    collation,
    view: viewOf(context),
    skip: 0,
    limit: single ? 1 : 0,
    decoded: false,
    due: () => context.budget.due(),
    matcher: parseFilter(filterOf(context), { collation, variables: variablesOf(context) }),
    sort: parseSort(name === 'aggregate' ? sortStage(body) : statement.get('sort')),
    hint: statement.get('hint'),
  });
}

function sortStage(body: Doc): Doc | undefined {
  const stage = docList(body, 'pipeline').find((s) => !s.has('$match'));
  return stage && docField(stage, '$sort');
}

function stageOf(execution: Execution, body: Doc): Plain {
  let stage = planStage(execution.plan);
  if (execution.sorts) stage = { stage: 'SORT', sortPattern: body.get('sort'), inputStage: stage };
  if (body.has('skip')) stage = { stage: 'SKIP', inputStage: stage };
  if (body.has('limit'))
    stage = { stage: 'LIMIT', limitAmount: body.get('limit'), inputStage: stage };
  const projection = body.get('projection');
  return isDoc(projection) && projection.size > 0
    ? { stage: 'PROJECTION_DEFAULT', inputStage: stage }
    : stage;
}

function planStage(plan: Plan): Plain {
  if (plan.kind === 'collection')
    return { stage: 'COLLSCAN', direction: plan.reverse ? 'backward' : 'forward' };
  if (plan.kind === 'or')
    return {
      stage: 'FETCH',
      inputStage: { stage: 'OR', inputStages: plan.branches.map(planStage) },
    };
  const { definition, multikey } = plan.index;
  return {
    stage: 'FETCH',
    inputStage: {
      stage: 'IXSCAN',
      keyPattern: definition.source.get('key'),
      indexName: definition.name,
      isMultiKey: multikey,
      isUnique: definition.unique,
      isSparse: definition.sparse,
      isPartial: definition.partial !== null,
      direction: plan.reverse ? 'backward' : 'forward',
      indexBounds: Object.fromEntries(plan.bounds()),
    },
  };
}
