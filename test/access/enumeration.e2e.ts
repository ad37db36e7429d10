import { anybody, type Grant, mintInternalToken } from '@7pay/graphql';
import { freshSecrets } from '@7pay/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphAt } from '../support/graph.ts';
import { platformUnderTest, type PlatformUnderTest } from '../support/platform-under-test.ts';
import { throughTheGateway } from './ask.ts';
import {
  atTheSubgraphs,
  type Doors,
  openDoors,
  type Question,
  questionsTo,
} from './at-the-subgraphs.ts';
import { type Caller, everyCaller, stepsFor } from './callers.ts';
import { type Cell, faultsOf, nameOf, type Step } from './expectation.ts';
import { firstEvent, isSubscription } from './first-event.ts';
import { forgedFields, forgeries } from './forgeries.ts';
import { NEVER_HELD, unnoticedDuties } from './other-duties.ts';
import { KEYS, ROOT_CALLS } from './roots.ts';
import { type Graph, mergedGraph } from './ways.ts';
import { aWorld, type World } from './world.ts';

// Every field of the graph, as every kind of caller, through the gateway and straight at each subgraph. What is asked
// comes from the schemas, what is expected from the rules that docs/access.md shows.
const { internalKey: key } = freshSecrets();
let under: PlatformUnderTest;
let world: World;
let callers: readonly Caller[];
let graph: Graph;
let doors: Doors;
let entityFields: readonly Step[];
let questions: readonly Question[];
const cells: Cell[] = [];

beforeAll(async () => {
  under = await platformUnderTest('access', { tokensLiveSeconds: 60 * 60 });
  world = await aWorld(under);
  callers = await everyCaller(under, world);
  graph = mergedGraph(under.platform.subgraphs);
  doors = await openDoors(under.platform, key);
  entityFields = under.platform.subgraphs.flatMap(({ name, sdl }) =>
    [...sdl.matchAll(/^type (\w+) @key\(fields: "\w+"\)/gm)].flatMap(([, type = '']) =>
      graph.fieldsIn(name, type),
    ),
  );
  questions = questionsTo(graph, world, entityFields);
}, 120_000);
afterAll(async () => {
  await doors.stop();
  await under.stop();
});

/** The same caller with a login of this moment: some rules ask how long ago it was. */
const anew = async (name: string): Promise<Caller> => {
  callers = await everyCaller(under, world);
  return callers.find((caller) => caller.name === name)!;
};
const told = (what: string, count: number) => process.stdout.write(`access: ${count} ${what}\n`);

describe('every field, as every kind of caller', () => {
  it('is asked for: no query, mutation, entity or field is left out', () => {
    expect(Object.keys(ROOT_CALLS).sort()).toEqual(
      graph.roots.map(({ type, field }) => `${type}.${field}`).sort(),
    );
    expect(Object.keys(KEYS).sort()).toEqual(
      [...new Set(entityFields.map(({ type }) => type))].sort(),
    );
    const reached = new Set(
      graph.roots.flatMap((root) =>
        graph.waysFrom(root).flatMap(({ steps }) => `${steps.at(-1)!.type}.${steps.at(-1)!.field}`),
      ),
    );
    const all = new Set(graph.fields.map(({ type, field }) => `${type}.${field}`));
    expect([...all].filter((name) => !reached.has(name))).toEqual([]);
  });

  it('is given through the gateway as the rules say', { timeout: 900_000 }, async () => {
    const open = graphAt(under.platform.urls.gateway);
    const url = `${under.platform.urls.gateway}/graphql`;
    const ask = async ({ token }: Caller, document: string) =>
      isSubscription(document)
        ? (await firstEvent(url, { query: document }, token)).answer
        : open.ask(document, {}, token);
    for (const name of callers.map((each) => each.name)) {
      const caller = await anew(name);
      const stepsMax = stepsFor(caller);
      cells.push(...(await throughTheGateway(graph, world, { caller, ask, stepsMax })));
    }
    told(`cells through the gateway, ${callers.length} callers`, cells.length);
    expect(faultsOf(cells)).toEqual([]);
  });

  it('is given by each subgraph as the rules say', { timeout: 600_000 }, async () => {
    const before = cells.length;
    for (const name of callers.map((each) => each.name)) {
      const caller = await anew(name);
      const at = { doors, key, now: under.platform.clock.now() };
      cells.push(...(await atTheSubgraphs(at, world, { caller, questions })));
    }
    told('cells straight at the subgraphs', cells.length - before);
    expect(faultsOf(cells)).toEqual([]);
  });

  it('is given to somebody, where a rule is on it', () => {
    const given = new Set(
      cells.filter(({ outcome }) => outcome.given).map(({ way }) => nameOf(way.steps.at(-1)!)),
    );
    const ruled = graph.fields.filter(({ rule }) => rule !== null).map(nameOf);
    expect(ruled.filter((name) => !given.has(name))).toEqual([]);
  });
});

describe('a subgraph that is asked without the gateway', () => {
  it(
    'answers no question to a token that is not for it, whoever it speaks for',
    { timeout: 300_000 },
    async () => {
      const now = under.platform.clock.now();
      const strongest = callers.filter(({ name }) => ['an operator', 'the member'].includes(name));
      const wrong: string[] = [];
      let count = 0;
      for (const caller of strongest) {
        for (const { name } of under.platform.subgraphs) {
          const asked = questions.filter(({ step }) => step.subgraph === name);
          const bodies = [{ query: '{ _service { sdl } }' }, ...asked.map(({ body }) => body())];
          for (const [what, token] of await forgeries({ key, now }, caller, name)) {
            for (const body of bodies) {
              const { status, answer } = await doors.post(name, body, token);
              count += 1;
              const isShut = status === 401 && answer.data === undefined;
              if (!isShut) wrong.push(`${name}, ${what}: ${status} ${JSON.stringify(body)}`);
            }
          }
        }
      }
      told('questions with a forged identity', count);
      expect(strongest.length).toBe(2);
      expect(wrong).toEqual([]);
    },
  );

  it(
    'believes nothing of a representation but its key, and knows no stranger’s thing from none',
    { timeout: 300_000 },
    async () => {
      const wrong: string[] = [];
      let count = 0;
      for (const caller of callers) {
        for (const { step, body } of questions.filter(({ isEntity }) => isEntity)) {
          const { subgraph, type, field } = step;
          // Made for each question: one lasts for a minute, and there are more questions than that.
          const now = under.platform.clock.now();
          const token = await mintInternalToken(key, { viewer: caller.viewer, subgraph, now });
          const ask = async (change: Readonly<Record<string, unknown>>) =>
            JSON.stringify((await doors.post(subgraph, body(change), token)).answer);
          const { id: _, ...more } = { id: '', ...forgedFields(caller) };
          const honest = await ask({});
          count += 2;
          if ((await ask(more)) !== honest)
            wrong.push(`${caller.name}: ${type}.${field} was believed`);
          const isDenied =
            step.from === 'entity' &&
            cells.some(
              (cell) =>
                cell.door === 'subgraph' &&
                cell.caller.name === caller.name &&
                cell.way.steps[0] === step &&
                !cell.outcome.given,
            );
          if (isDenied && (await ask({ id: 'xyz_none', key: 'xyz_none' })) !== honest) {
            wrong.push(`${caller.name}: ${type}.${field} tells that it exists`);
          }
        }
      }
      told('representations with forged fields, or of nothing', count);
      expect(wrong).toEqual([]);
    },
  );
});

describe('the enumeration itself', () => {
  /** The cells whose way leads through a field, by its name: looked up for each field, made once. */
  let byField: ReadonlyMap<string, readonly Cell[]> | undefined;
  const cellsThrough = (name: string): readonly Cell[] => {
    if (!byField) {
      const made = new Map<string, Cell[]>();
      for (const cell of cells) {
        for (const each of new Set(cell.way.steps.map(nameOf))) {
          const known = made.get(each);
          if (known) known.push(cell);
          else made.set(each, [cell]);
        }
      }
      byField = made;
    }
    return byField.get(name) ?? [];
  };
  /** Those fields whose rule can be changed like this, and nobody notices. */
  const unnoticed = (grants: readonly Grant[]): string[] =>
    graph.fields
      .filter(({ rule }) => rule && !rule.grants.some(({ who }) => who === 'anybody'))
      .filter((changed) => {
        const isChanged = (step: Step) => nameOf(step) === nameOf(changed);
        const ruleOf = (step: Step) =>
          step.rule && isChanged(step) ? { ...step.rule, grants } : step.rule;
        return faultsOf(cellsThrough(nameOf(changed)), ruleOf).length === 0;
      })
      .map(nameOf);

  it('notices each guard that is gone: what the rule denies is given', { timeout: 300_000 }, () => {
    expect(unnoticed([])).toEqual([]);
  });

  it('notices each guard that has forgotten when somebody logged in', { timeout: 300_000 }, () => {
    const asksWhen = ({ rule }: Step) =>
      rule?.grants.some((grant) => 'freshSeconds' in grant && grant.freshSeconds !== null) ?? false;
    const forgets = (grant: Grant): Grant =>
      'freshSeconds' in grant ? { ...grant, freshSeconds: null } : grant;
    const changed = graph.fields.filter(asksWhen);
    const noticed = changed.filter((step) => {
      const concerned = cells.filter(({ way }) => way.steps.includes(step));
      const ruleOf = ({ rule }: Step) => rule && { ...rule, grants: rule.grants.map(forgets) };
      return faultsOf(concerned, ruleOf).length > 0;
    });
    expect(changed.length).toBeGreaterThan(5);
    expect(noticed.map(nameOf)).toEqual(changed.map(nameOf));
  });

  it(
    'notices each guard that lets in another duty, or shuts out one of its own',
    { timeout: 600_000 },
    () => {
      expect(unnoticedDuties(graph, (step) => cellsThrough(nameOf(step)))).toEqual(NEVER_HELD);
    },
  );

  it('notices each guard that asks for more than its rule tells', { timeout: 300_000 }, () => {
    // These nobody asks for who might be refused: nobody has no own member, and few are given an application or a freeze.
    expect(unnoticed([anybody])).toEqual([
      'identity:Query.me',
      'wallet:WalletFreeze.actor',
      'merchant:MerchantApplication.recommendedBy',
      'merchant:MerchantApplication.decidedBy',
    ]);
  });
});
