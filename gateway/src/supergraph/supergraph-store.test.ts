import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose } from '../executor/testing/test-graph.ts';
import { activateSupergraph, NothingBefore, rollBackSupergraph } from './activate-supergraph.ts';
import { digestOf, UntrustedSupergraph } from './signed-supergraph.ts';
import {
  ActivationConflict,
  PublishConflict,
  supergraphStore,
  type SupergraphStore,
} from './supergraph-store.ts';

const keys = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    key: privateKey.export({ format: 'jwk' }) as JWK,
    publicKey: publicKey.export({ format: 'jwk' }) as JWK,
  };
};
const { key, publicKey } = keys();
const at = new Date('2019-07-01T00:00:00Z');
const who = { by: 'ops', at };
const graphWith = (field: string) =>
  compose({ shops: `type Query { shop: String ${field}: Int }` });
const documents = [{ name: 'app/Shop', text: 'query Shop { shop }' }];
const [one, two] = [graphWith('one'), graphWith('two')];

let folder = '';
let store: SupergraphStore;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), '7pay-store-'));
  store = supergraphStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const publish = (sdl: string, parent: string | null) =>
  store.publish({ sdl, documents, parent, key, ...who });
const activate = (sdl: string) =>
  activateSupergraph(store, digestOf(sdl), { publicKey, documents: [], ...who });
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'trusted',
    (error: unknown) => (error instanceof UntrustedSupergraph ? error.reason : error),
  );

describe('publishing', () => {
  it('names a supergraph by its content, signs it and writes it into the log', async () => {
    const { digest } = await publish(one, null);
    expect(digest).toBe(digestOf(one));
    expect(await store.read(digest, publicKey)).toMatchObject({ sdl: one, documents });
    await publish(two, digest);
    expect((await store.log()).map(({ publication }) => publication)).toMatchObject([
      { digest, parent: null, by: 'ops', publishedAt: '2019-07-01T00:00:00.000Z' },
      { digest: digestOf(two), parent: digest },
    ]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('the same again changes nothing', async () => {
    await publish(one, null);
    await publish(one, digestOf(one));
    expect(await store.log()).toHaveLength(1);
  });

  it('eight at once: one wins and the others are told who', async () => {
    const graphs = Array.from({ length: 8 }, (_, index) => graphWith(`f${index}`));
    const results = await Promise.allSettled(graphs.map((sdl) => publish(sdl, null)));
    const lost = results.flatMap((result) => (result.status === 'rejected' ? result.reason : []));
    const [winner] = await store.log();
    expect(lost).toHaveLength(7);
    for (const error of lost) {
      expect(error).toBeInstanceOf(PublishConflict);
      expect(error.latest).toBe(winner?.publication.digest);
    }
  });

  it('against a parent that is not the latest is refused', async () => {
    await publish(one, null);
    await expect(publish(two, null)).rejects.toThrow(PublishConflict);
    await expect(publish(two, digestOf('else'))).rejects.toThrow(PublishConflict);
  });
});

describe('trust', () => {
  const file = (suffix: string) => path.join(folder, `${digestOf(one)}.${suffix}`);
  const read = () => reasonOf(store.read(digestOf(one), publicKey));
  beforeEach(() => publish(one, null));

  it.each<readonly [string, string, () => void]>([
    ['whose text was changed', 'TAMPERED', () => writeFileSync(file('graphql'), two)],
    ['without a signature', 'UNSIGNED', () => rmSync(file('signature.json'))],
    [
      'whose signature is no JSON',
      'UNSIGNED',
      () => writeFileSync(file('signature.json'), '{"pub'),
    ],
    [
      'whose publication was changed',
      'WRONG_SIGNATURE',
      () => {
        const text = readFileSync(file('signature.json'), 'utf8');
        writeFileSync(file('signature.json'), text.replace('"ops"', '"oops"'));
      },
    ],
    [
      'whose documents were changed',
      'TAMPERED',
      () => {
        for (const name of readdirSync(folder)) {
          if (name.endsWith('.documents.json')) writeFileSync(path.join(folder, name), '[]');
        }
      },
    ],
    ['that is not there', 'MISSING', () => rmSync(file('graphql'))],
  ])('is not given to a supergraph %s', async (_, reason, change) => {
    expect(await read()).toBe('trusted');
    change();
    expect(await read()).toBe(reason);
    expect(await reasonOf(activate(one))).toBe(reason);
    expect(await store.pointer()).toBeUndefined();
  });

  it('is not given to another key, to the signature of another supergraph, or to a path', async () => {
    expect(await reasonOf(store.read(digestOf(one), keys().publicKey))).toBe('WRONG_SIGNATURE');
    await publish(two, digestOf(one));
    const other = readFileSync(path.join(folder, `${digestOf(two)}.signature.json`), 'utf8');
    writeFileSync(file('signature.json'), other);
    expect(await read()).toBe('WRONG_SIGNATURE');
    expect(await reasonOf(store.read('../../etc/passwd', publicKey))).toBe('MISSING');
  });
});

describe('activating', () => {
  beforeEach(async () => {
    await publish(one, null);
    await publish(two, digestOf(one));
  });

  it('moves the pointer, and rolling back moves it to the one before', async () => {
    await activate(one);
    await activate(two);
    await activate(two);
    expect(await store.pointer()).toMatchObject({
      digest: digestOf(two),
      earlier: [digestOf(one)],
    });
    await rollBackSupergraph(store, { publicKey, ...who });
    expect(await store.pointer()).toMatchObject({ digest: digestOf(one), earlier: [], by: 'ops' });
    await expect(rollBackSupergraph(store, { publicKey, ...who })).rejects.toThrow(NothingBefore);
  });

  it.each<[string, (over: SupergraphStore) => Promise<unknown>]>([
    [
      'activating',
      (over) => activateSupergraph(over, digestOf(one), { publicKey, documents: [], ...who }),
    ],
    ['rolling back', (over) => rollBackSupergraph(over, { publicKey, ...who })],
  ])('%s gives way to somebody who moved the pointer while it was tried', async (_, move) => {
    await activate(one);
    await activate(two);
    const three = graphWith('three');
    await publish(three, digestOf(two));
    const read: SupergraphStore['read'] = async (...asked) => {
      const found = await store.read(...asked);
      await store.point({ digest: digestOf(three), seen: await store.pointer(), ...who });
      return found;
    };
    await expect(move({ ...store, read })).rejects.toThrow(ActivationConflict);
    expect(await store.pointer()).toMatchObject({
      digest: digestOf(three),
      earlier: [digestOf(two), digestOf(one)],
    });
  });

  it('is refused when a document is not valid or cannot be planned', async () => {
    await activate(one);
    const asks = (text: string) =>
      activateSupergraph(store, digestOf(two), {
        publicKey,
        documents: [{ name: 'app/Asks', text }],
        ...who,
      });
    await expect(asks('{ one }')).rejects.toThrow(/app\/Asks: Cannot query field "one"/);
    const switches = ['a', 'b', 'c', 'd', 'e'];
    const tooMany = `query(${switches.map((name) => `$${name}: Boolean!`).join(' ')}) { ${switches
      .map((name) => `${name}: two @skip(if: $${name})`)
      .join(' ')} }`;
    await expect(asks(tooMany)).rejects.toThrow(/app\/Asks: at most 4 variables/);
    expect((await store.pointer())?.digest).toBe(digestOf(one));
  });

  it('is refused for a supergraph that cannot be executed', async () => {
    const broken = `${two}\ntype Broken @join__type(graph: NOWHERE) { x: Int }`;
    await publish(broken, digestOf(two));
    await expect(activate(broken)).rejects.toThrow();
    expect(await store.pointer()).toBeUndefined();
  });
});
