/** How calls travel together. */
export type Route<Item, Answer> = {
  /** Asks for all of these with one statement and returns an answer for each, in their order. */
  send(items: Item[]): Promise<Answer[]>;
  /** Items of one name never leave in one trip, and keep the order in which they came. Without it any may. */
  apart?: (item: Item) => string;
};

/** While one trip is answered, the next is already asked. */
const TRIPS_AT_ONCE = 2;
/** So few calls go alone even so: together, they would wait for each other's commit. */
const CALLS_AT_ONCE = 4;
/** So many items leave in one trip at most, so that none waits for the answers of a crowd. */
const ITEMS_A_TRIP = 64;
/** A trip that takes longer, as on a connection that went dead, lets the next ones leave before it is back. */
const OVERDUE_AFTER_MS = 250;

type Waiting<Item, Answer> = {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
};

/**
 * Lets the calls of one moment share a round trip. A call that finds room leaves at once; while four are under way, in
 * two trips at least, later calls gather, and what has gathered leaves as one.
 *
 * 1. Nobody joins a trip that has left: what a call is told was asked for after it came.
 * 2. When a trip fails, all its items fail with that error, and nothing is asked again.
 * 3. One trip's failure or delay is no other's.
 */
export function shareTrips<Item, Answer>({
  send,
  apart,
}: Route<Item, Answer>): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  const underWay = { trips: 0, calls: 0 };

  function leaveWhileThereIsRoom(): void {
    while (waiting.length > 0 && (underWay.trips < TRIPS_AT_ONCE || underWay.calls < CALLS_AT_ONCE)) {
      const { aboard, left } = board(waiting, apart);
      waiting = left;
      travel(aboard);
    }
  }

  async function travel(aboard: Waiting<Item, Answer>[]): Promise<void> {
    const makeRoom = takeRoom(aboard.length);
    try {
      const answers = await send(aboard.map(({ item }) => item));
      if (answers.length !== aboard.length)
        throw new Error("a trip came back with too few or too many answers");
      for (const [i, { resolve }] of aboard.entries()) resolve(answers[i] as Answer);
    } catch (error) {
      for (const { reject } of aboard) reject(error);
    } finally {
      makeRoom();
    }
  }

  /** Takes room for one trip, which it gives back once, when it returns or is overdue. */
  function takeRoom(calls: number): () => void {
    underWay.trips += 1;
    underWay.calls += calls;
    let taken = true;
    const overdue = setTimeout(makeRoom, OVERDUE_AFTER_MS);
    function makeRoom(): void {
      clearTimeout(overdue);
      if (!taken) return;
      taken = false;
      underWay.trips -= 1;
      underWay.calls -= calls;
      leaveWhileThereIsRoom();
    }
    return makeRoom;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      leaveWhileThereIsRoom();
    });
}

/** Who leaves next: those who came first, but only the first of each name. */
function board<Item, Answer>(waiting: Waiting<Item, Answer>[], apart: Route<Item, Answer>["apart"]) {
  if (!apart) return { aboard: waiting.slice(0, ITEMS_A_TRIP), left: waiting.slice(ITEMS_A_TRIP) };
  const aboard = new Map<string, Waiting<Item, Answer>>();
  const left: Waiting<Item, Answer>[] = [];
  for (const one of waiting) {
    const name = apart(one.item);
    if (aboard.has(name) || aboard.size === ITEMS_A_TRIP) left.push(one);
    else aboard.set(name, one);
  }
  return { aboard: [...aboard.values()], left };
}
