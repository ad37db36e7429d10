/** Where a piece of work stands: who asked for it, and how much it looks like honest work. */
export interface Place {
  /** Served first, the lowest: 0 is the best. */
  readonly rank: number;
  /** Whoever asks; those of one rank take turns, however much each of them asks for. */
  readonly lane: string;
}

/** A queue that one who asks much cannot fill for the others. */
export interface FairQueue<Item> {
  /** Whether a piece would be kept, be it at the cost of another one. */
  hasRoom(place: Place): boolean;
  /** Keeps a piece. @returns the piece that has to go for it: another one, itself, or none */
  push(item: Item, place: Place): Item | undefined;
  /**
   * Takes the piece that is next: of the best rank, of the lane whose turn it is, the one that waits longest. None, where the
   * best rank that waits comes after `last`.
   */
  shift(last?: number): Item | undefined;
  /** Takes a piece out of its turn. */
  remove(item: Item): void;
  /** Takes all that is left. */
  empty(): Item[];
  readonly size: number;
}

/**
 * Pieces of a better rank go first, and lanes of one rank in turn. When `most` wait, the newest of the longest lane of the worst
 * rank goes for one of a better rank, or of a lane that is shorter.
 */
export function fairQueue<Item>(most: number): FairQueue<Item> {
  const ranks: (Map<string, Item[]> | undefined)[] = []; // the order of a map is the order of the turns
  const places = new Map<Item, Place>();

  const lanesOf = (rank: number) => (ranks[rank] ??= new Map<string, Item[]>());
  const lengthOf = ({ rank, lane }: Place) => ranks[rank]?.get(lane)?.length ?? 0;

  const hindmost = (place: Place): Item | undefined => {
    const rank = ranks.findLastIndex((lanes) => lanes !== undefined && lanes.size > 0);
    if (rank < place.rank) return undefined;
    const longest = [...lanesOf(rank).values()].reduce((a, b) => (b.length > a.length ? b : a));
    const isWorse = rank > place.rank || longest.length > lengthOf(place) + 1;
    return isWorse ? longest.at(-1) : undefined;
  };

  const remove = (item: Item): void => {
    const place = places.get(item);
    if (!place) return;
    places.delete(item);
    const lanes = lanesOf(place.rank);
    const left = (lanes.get(place.lane) ?? []).filter((each) => each !== item);
    if (left.length > 0) lanes.set(place.lane, left);
    else lanes.delete(place.lane);
  };

  return {
    hasRoom: (place) => places.size < most || hindmost(place) !== undefined,
    push: (item, place) => {
      const goes = places.size < most ? undefined : (hindmost(place) ?? item);
      if (goes === item) return item;
      if (goes !== undefined) remove(goes);
      const lanes = lanesOf(place.rank);
      lanes.set(place.lane, [...(lanes.get(place.lane) ?? []), item]);
      places.set(item, place);
      return goes;
    },
    shift: (last = Infinity) => {
      const best = ranks.findIndex((each) => each !== undefined && each.size > 0);
      const lanes = best > last ? undefined : ranks[best];
      const [lane, [item] = []] = lanes?.entries().next().value ?? [];
      if (!lanes || lane === undefined || item === undefined) return undefined;
      const left = lanes.get(lane) ?? [];
      remove(item);
      if (left.length > 1) {
        const rest = lanes.get(lane) ?? [];
        lanes.delete(lane); // and to the end: the others are next
        lanes.set(lane, rest);
      }
      return item;
    },
    remove,
    empty: () => {
      const left = [...places.keys()];
      ranks.length = 0;
      places.clear();
      return left;
    },
    get size() {
      return places.size;
    },
  };
}
