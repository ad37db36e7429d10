import { isDeepStrictEqual } from 'node:util';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { JWK } from 'jose';
import { claimFile, readIfThere, replaceFile } from './atomic-files.ts';
import type { RegisteredDocument } from './registered-document.ts';
import {
  digestOf,
  isDigest,
  type Publication,
  type SignedPublication,
  signPublication,
  UntrustedSupergraph,
  verifyPublication,
} from './signed-supergraph.ts';

/** A supergraph of the store whose text, documents and signature hold. */
export interface StoredSupergraph {
  readonly publication: Publication;
  readonly sdl: string;
  readonly documents: readonly RegisteredDocument[];
}

/** Which supergraph serves, and which ones did. */
export interface Pointer {
  readonly digest: string;
  /** The ones before, the latest first. */
  readonly earlier: readonly string[];
  readonly activatedAt: string;
  readonly by: string;
}

/** Somebody else has published since the parent was read. Read it again, check against it, publish again. */
export class PublishConflict extends Error {
  override readonly name = 'PublishConflict';
  readonly latest: string;
  constructor(latest: string) {
    super(`${latest.slice(0, 12)} was published in the meantime`);
    this.latest = latest;
  }
}

/** Somebody else has moved the pointer while a supergraph was tried. Look at what serves now, and decide again. */
export class ActivationConflict extends Error {
  override readonly name = 'ActivationConflict';
  constructor(now: Pointer | undefined) {
    super(`${now?.digest.slice(0, 12) ?? 'nothing'} was let serve in the meantime`);
  }
}

/** Where the pointer is to go. */
interface Move {
  readonly digest: string;
  /** The pointer on which that was decided. */
  readonly seen: Pointer | undefined;
  readonly by: string;
  readonly at: Date;
}

const KEPT_EARLIER = 50;

/**
 * Supergraphs in a folder: `<digest>.graphql`, its `<digest>.signature.json`, the documents it was checked with, the
 * log of publications, and `active.json`. Nothing is changed after it was written but the pointer.
 */
export function supergraphStore(folder: string) {
  const at = (...names: string[]) => path.join(folder, ...names);
  const entryAt = (number: number) => at('log', `${String(number).padStart(6, '0')}.json`);
  const readJson = async (file: string): Promise<unknown> => {
    const text = await readIfThere(file);
    return text === undefined ? undefined : parsed(text);
  };

  const log = async (): Promise<readonly SignedPublication[]> => {
    const names = await readdir(at('log')).catch(() => []);
    const entries = names.filter((name) => /^\d{6}\.json$/.test(name)).sort();
    const read = await Promise.all(entries.map((name) => readJson(at('log', name))));
    return read as SignedPublication[];
  };

  /** @throws UntrustedSupergraph */
  const read = async (digest: string, publicKey: JWK): Promise<StoredSupergraph> => {
    if (!isDigest(digest)) throw new UntrustedSupergraph('MISSING', String(digest));
    const sdl = await readIfThere(at(`${digest}.graphql`));
    if (sdl === undefined) throw new UntrustedSupergraph('MISSING', digest);
    const signed = (await readJson(at(`${digest}.signature.json`))) as SignedPublication;
    const publication = verifyPublication(signed, digest, publicKey);
    if (digestOf(sdl) !== digest || !isDigest(publication.documents)) {
      throw new UntrustedSupergraph('TAMPERED', digest);
    }
    const documents = await readIfThere(at(`${publication.documents}.documents.json`));
    if (documents === undefined || digestOf(documents) !== publication.documents) {
      throw new UntrustedSupergraph('TAMPERED', digest);
    }
    return { publication, sdl, documents: JSON.parse(documents) as RegisteredDocument[] };
  };

  const pointer = async (): Promise<Pointer | undefined> =>
    (await readJson(at('active.json'))) as Pointer | undefined;

  return {
    folder,
    log,
    read,
    pointer,

    /**
     * Writes a supergraph and its signature, and claims the next line of the log for it. Published again, the latest
     * one stays as it is.
     * @throws PublishConflict when `parent` is not the latest any more
     */
    publish: async (options: {
      readonly sdl: string;
      readonly documents: readonly RegisteredDocument[];
      readonly by: string;
      readonly at: Date;
      readonly parent: string | null;
      readonly key: JWK;
    }): Promise<Publication> => {
      const { sdl, by, parent, key } = options;
      const documents = JSON.stringify(options.documents);
      const publication: Publication = {
        digest: digestOf(sdl),
        documents: digestOf(documents),
        publishedAt: options.at.toISOString(),
        by,
        parent,
      };
      await mkdir(at('log'), { recursive: true });
      const entries = await log();
      const latest = entries.at(-1);
      if (latest && (latest.publication.digest ?? null) !== parent) {
        throw new PublishConflict(latest.publication.digest);
      }
      const sign = (signed: SignedPublication) =>
        replaceFile(at(`${publication.digest}.signature.json`), spelled(signed));
      await replaceFile(at(`${publication.digest}.graphql`), sdl);
      await replaceFile(at(`${publication.documents}.documents.json`), documents);
      const isSame =
        latest?.publication.digest === publication.digest &&
        latest.publication.documents === publication.documents;
      if (latest && isSame) {
        await sign(latest); // whoever published it may have ended in between
        return latest.publication;
      }
      const signed = signPublication(publication, key);
      if (!(await claimFile(entryAt(entries.length + 1), spelled(signed)))) {
        throw new PublishConflict((await log()).at(-1)?.publication.digest ?? '');
      }
      await sign(signed);
      return publication;
    },

    /** Lets a supergraph serve. It was verified and tried before. @throws ActivationConflict */
    point: async (to: Move): Promise<Pointer> => {
      const { digest, seen } = to;
      const earlier =
        seen && seen.digest !== digest ? [seen.digest, ...seen.earlier] : seen?.earlier;
      return move(to, (earlier ?? []).slice(0, KEPT_EARLIER));
    },

    /** Lets the one before serve again. A second time goes back one more. @throws ActivationConflict */
    pointBack: async (to: Move): Promise<Pointer> => {
      const earlier = to.seen?.earlier ?? [];
      return move(to, earlier.slice(earlier.indexOf(to.digest) + 1));
    },
  };

  async function move(
    { digest, seen, by, at: when }: Move,
    earlier: readonly string[],
  ): Promise<Pointer> {
    const made: Pointer = { digest, earlier, activatedAt: when.toISOString(), by };
    await mkdir(folder, { recursive: true });
    const now = await pointer();
    if (!isDeepStrictEqual(now, seen)) throw new ActivationConflict(now);
    await replaceFile(at('active.json'), spelled(made));
    return made;
  }
}

export type SupergraphStore = ReturnType<typeof supergraphStore>;

const spelled = (value: unknown): string => `${JSON.stringify(value)}\n`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a file that was broken says nothing
  }
}
