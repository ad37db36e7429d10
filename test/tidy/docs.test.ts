import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { switchRegister } from '@7pay/controls';
import { eventFeed } from '@7pay/events';
import { journalFeed } from '@7pay/ledger';
import { DEMO } from '@7pay/platform';
import { refusalCatalogue } from '@7pay/refusals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { banner } from '../platform/src/banner.ts';
import { eventSchemas } from '../platform/src/docs-events.ts';
import { checkedInDocs, generateDocs } from '../platform/src/docs-files.ts';
import {
  aMemberWith,
  CANCEL,
  PAY,
  platformUnderTest,
  type PlatformUnderTest,
} from '../support/platform-under-test.ts';
import { isTest, sourceFiles } from './source-files.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));

describe('the generated documents', () => {
  it('are what the sources make (npm run docs)', async () => {
    const generated = await generateDocs();
    const checkedIn = checkedInDocs();
    expect([...checkedIn.keys()].sort()).toEqual([...generated.keys()].sort());
    for (const [file, text] of generated) expect(checkedIn.get(file), file).toBe(text);
  });

  it('list every refusal that the graph can give', () => {
    const types = [
      ...read('gateway/supergraph.graphql').matchAll(/^type (\w+) implements Refusal/gm),
    ];
    const codes = types.map(([, name = '']) => name.replace(/(?!^)([A-Z])/g, '_$1').toUpperCase());
    const declared = new Set(refusalCatalogue().map(({ code }) => code));
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !declared.has(code))).toEqual([]);
  });
});

describe('the contracts of events', () => {
  let under: PlatformUnderTest;
  beforeAll(async () => {
    under = await platformUnderTest('contracts');
  });
  afterAll(() => under.stop());

  it('are as many as the events that the sources tell and hear', () => {
    const names = new Set<string>();
    for (const file of sourceFiles().filter((name) => !isTest(name))) {
      const source = read(file);
      for (const [, name] of source.matchAll(/(?:\bname: |consume<[^(]*\()'([\w.-]+\.v\d+)'/g)) {
        if (name) names.add(name);
      }
      // Journal entries are events: each plan has an id that is made, and a kind behind it, or is made by a word.
      const made = [...source.matchAll(/\bid: `[^`]*`,\s*kind: '([A-Z_]+)'/g)];
      for (const [, kind] of made) if (kind) names.add(eventOf(kind));
      for (const [word, kind] of Object.entries(PLAN_WORDS)) {
        if (file.startsWith('subgraphs/') && source.includes(`${word}(`)) names.add(eventOf(kind));
      }
    }
    expect([...names].sort()).toEqual([...eventSchemas.keys()].sort());
  });

  it('hold for what the services write', async () => {
    const member = await aMemberWith(under, 3_000);
    const token = under.stores[0]!.token;
    const input = { merchantPaymentId: 'contract-1', code: await member.code(), amount: 400 };
    await under.graph.ask(PAY, { input }, token);
    const points = under.platform.connection.collection('points_awards');
    await expect.poll(() => points.countDocuments(), { timeout: 10_000 }).toBe(1);
    await under.graph.ask(CANCEL, { input: { merchantPaymentId: 'contract-1' } }, token);
    const journal = under.platform.connection.collection('ledger_journal');
    await expect.poll(() => journal.countDocuments(), { timeout: 10_000 }).toBe(5);

    const events = await eventsOf(under);
    for (const { name, event } of events) {
      const contract = contractOf(name).safeParse(event);
      expect(contract.error?.issues ?? [], `${name} ${JSON.stringify(event)}`).toEqual([]);
    }
    expect([...new Set(events.map(({ name }) => name))].sort()).toEqual([
      'ledger.payment-cancel.v1',
      'ledger.payment.v1',
      'ledger.points-award.v1',
      'ledger.points-reversal.v1',
      'ledger.top-up.v1',
      'merchant.bank-account.approved.v1',
      'merchant.store.opened.v1',
      'merchant.terminal.paired.v1',
    ]);
  });

  it('refuse an event with a field too many, or of another kind', async () => {
    const [event] = await eventsOf(under);
    const contract = contractOf(event!.name);
    expect(contract.safeParse(event!.event).success).toBe(true);
    expect(contract.safeParse({ ...event!.event, more: 1 }).success).toBe(false);
    expect(contract.safeParse({ ...event!.event, name: 'other.v1' }).success).toBe(false);
  });
});

// The plans that packages/ledger makes for the use cases.
const PLAN_WORDS = {
  holdPlan: 'PAYMENT_HOLD',
  capturePlan: 'PAYMENT_CAPTURE',
  releasePlan: 'HOLD_RELEASED',
  accountSetPlan: 'ACCOUNT_SET',
  tombstonePlan: 'VOIDED',
};
const eventOf = (kind: string) => `ledger.${kind.toLowerCase().replaceAll('_', '-')}.v1`;

const contractOf = (name: string) => z.fromJSONSchema(eventSchemas.get(name) as never);

/** Every event in the database, as JSON would carry it. */
async function eventsOf({ platform: { connection } }: PlatformUnderTest) {
  const found: { name: string; event: Record<string, unknown> }[] = [];
  for (const feed of [eventFeed, journalFeed]) {
    for await (const document of feed.since(connection, new Date(0))) {
      const event = feed.toEvent(document);
      if (event)
        found.push({ name: event.name, event: JSON.parse(JSON.stringify(event)) as never });
    }
  }
  return found;
}

describe('the pages', () => {
  it('link to files and headings that exist', () => {
    const broken = pages.flatMap((page) =>
      linksIn(read(page))
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => !leads(page, link))
        .map((link) => `${page}: ${link}`),
    );
    expect(pages.length).toBeGreaterThan(40);
    expect(broken).toEqual([]);
  });

  it('are there wherever a source points to one', () => {
    const mentioned = sourceFiles().flatMap((file) =>
      [...read(file).matchAll(/\bdocs\/[\w./-]+\.(?:md|json)\b/g)].map(
        ([name]) => `${file}: ${name}`,
      ),
    );
    expect(mentioned.length).toBeGreaterThan(8);
    expect(mentioned.filter((line) => !existsSync(line.split(': ')[1] ?? ''))).toEqual([]);
  });

  it('stand in every workspace', () => {
    const workspaces = globSync(
      '{gateway,identity,{packages,subgraphs,apps}/*,test/platform}/package.json',
    ).map((file) => path.dirname(file));
    expect(workspaces.filter((folder) => !existsSync(`${folder}/README.md`))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md');
  const missing = (names: readonly string[]) => names.filter((name) => !text.includes(`\`${name}`));

  it('has a row for every switch and every event', () => {
    const keys = switchRegister.map(({ key }) => key);
    expect(missing([...keys, ...eventSchemas.keys()])).toEqual([]);
  });

  it('says who owns each collection', () => {
    const stores = sourceFiles().filter((file) => file.endsWith('.store.ts'));
    const outbox = 'packages/events/src/outbox.ts';
    const collections = [...stores, outbox, 'packages/events/src/inbox.ts'].flatMap((file) =>
      [...read(file).matchAll(/'((?!identity_)[a-z]+_[a-zA-Z]+)'/g)].map(([, name]) => name ?? ''),
    );
    expect(collections.length).toBeGreaterThan(15);
    expect(missing(collections)).toEqual([]);
  });
});

describe('the two READMEs', () => {
  const [english, japanese] = [read('README.md'), read('README.ja.md')];

  it('name the same commands, all of which exist', () => {
    const commandsIn = (text: string) =>
      [...new Set(text.match(/\bnpm (?:ci|start|test|run [\w:]+)/g))].sort();
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const runnable = commandsIn(english)
      .filter((command) => command !== 'npm ci')
      .map((command) => command.replace(/^npm (?:run )?/, ''));
    expect(commandsIn(japanese)).toEqual(commandsIn(english));
    expect(runnable.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    expect(runnable.length).toBeGreaterThan(5);
  });

  it('show the banner as it is printed', () => {
    const urls = {
      gateway: 'http://localhost:4000',
      identity: 'http://localhost:4001',
      sandbox: 'http://localhost:4002',
    };
    const codes = ['KSPX9YFR', '876LLFCB'];
    const stores = DEMO.shops.map(({ storeName }, index) => ({
      id: '',
      name: storeName,
      pairingCode: codes[index] ?? '',
    }));
    const description = 'embedded engine, data in /home/you/7pay/.data/embedded-mongo';
    const printed = banner({ urls }, { stores }, { description }, 1.9);
    expect(english).toContain(`\`\`\`text\n${printed}\n\`\`\``);
    expect(japanese).toContain(`\`\`\`text\n${printed}\n\`\`\``);
  });

  it('have the same sections, pictures, tables and links', () => {
    const shape = (text: string) => ({
      headings: text.match(/^#+ /gm),
      fences: text.match(/^ *```\w+/gm),
      rows: text.match(/^\|/gm)?.length,
      links: linksIn(text)
        .filter((link) => !link.startsWith('README'))
        .sort(),
    });
    expect(shape(japanese)).toEqual(shape(english));
  });
});

describe('.env.example', () => {
  it('names exactly the settings of all config files', () => {
    const files = [
      ...sourceFiles().filter((file) => file.endsWith('/config.ts')),
      'packages/graphql/src/service-settings.ts',
    ];
    const settings = files.flatMap((file) =>
      [...read(file).matchAll(/^ {2}([A-Z][A-Z0-9_]*): /gm)].map(([, name]) => name),
    );
    const named = [...read('.env.example').matchAll(/^# ?([A-Z][A-Z0-9_]*)=/gm)].map(
      ([, name]) => name,
    );
    expect(files.length).toBeGreaterThan(4);
    expect([...new Set(named)].sort()).toEqual([...new Set(settings)].sort());
    expect(named).toEqual([...new Set(named)]);
  });

  it('is explained by docs/running.md, setting by setting', () => {
    const told = read('docs/running.md');
    const silent = [...read('.env.example').matchAll(/^# ?([A-Z][A-Z0-9_]*)=/gm)]
      .map(([, name]) => name ?? '')
      .filter((name) => !told.includes(`\`${name}\``));
    expect(silent).toEqual([]);
  });
});

/** The targets of the links of a page, code left out. */
function linksIn(text: string): string[] {
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '');
}

function leads(page: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const file = target === '' ? page : path.join(path.dirname(page), target);
  if (!existsSync(file)) return false;
  if (anchor === undefined || !file.endsWith('.md')) return anchor === undefined;
  const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
  return headings.includes(anchor);
}
