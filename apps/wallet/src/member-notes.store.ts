/** What this tab keeps for its member. */
export interface MemberNotes {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  /** Takes a note away if it is the one that is meant, also when the login of its member has ended meanwhile. */
  removeIf(key: string, isMeant: (value: string) => boolean): void;
  removeItem(key: string): void;
  /** At a logout: nothing is left of anybody. */
  forget(): void;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
interface Kept {
  readonly of: string | null;
  readonly notes: Readonly<Record<string, string>>;
}

const storeKey = '7pay.wallet.notes';

/**
 * Keeps the notes of the member who is signed in. They outlive a reload, a login that ended and one that is made anew; somebody else
 * in the same tab finds none of them, and the first note of theirs ends them.
 */
export function memberNotesIn(store: Store, subject: () => string | null): MemberNotes {
  const read = (): Kept => {
    try {
      const kept = JSON.parse(store.getItem(storeKey) ?? 'null') as Partial<Kept> | null;
      if (typeof kept?.of === 'string' && kept.notes) return { of: kept.of, notes: kept.notes };
    } catch {
      // a broken note is no note
    }
    return { of: null, notes: {} };
  };
  const write = (kept: Kept) => store.setItem(storeKey, JSON.stringify(kept));
  const remove = (key: string) => {
    const { of, notes } = read();
    const { [key]: _, ...rest } = notes;
    if (of !== null) write({ of, notes: rest });
  };
  return {
    getItem(key) {
      const { of, notes } = read();
      return of !== null && of === subject() ? (notes[key] ?? null) : null;
    },
    setItem(key, value) {
      const owner = subject();
      if (owner === null) return; // nobody is there whom it could belong to
      const { of, notes } = read();
      write({ of: owner, notes: { ...(of === owner ? notes : {}), [key]: value } });
    },
    removeIf(key, isMeant) {
      const note = read().notes[key];
      if (note !== undefined && isMeant(note)) remove(key);
    },
    removeItem: remove,
    forget: () => store.removeItem(storeKey),
  };
}
