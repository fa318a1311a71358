import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Route, shareTrips } from "./share-trips.ts";

type Trip = { items: string[]; answer(answers?: string[]): void; fail(error: unknown): void };

/** Trips that come back when the test says so. */
function station(apart?: Route<string, string>["apart"]) {
  const trips: Trip[] = [];
  const send = (items: string[]) =>
    new Promise<string[]>((resolve, reject) => {
      const answer = (answers = items.map((item) => item.toUpperCase())) => resolve(answers);
      trips.push({ items, answer, fail: reject });
    });
  const ask = shareTrips<string, string>({ send, ...(apart && { apart }) });
  return { ask, trip: (i: number) => trips[i] as Trip, items: () => trips.map((trip) => trip.items) };
}

/** So many are under way that the next ones wait. */
const ALONE = ["w", "x", "y", "z"];
const outcomes = (calls: Promise<string>[]) => Promise.allSettled(calls);
const letters = (count: number) => Array.from({ length: count }, (_, i) => `item-${i}`);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("calls that share a trip", () => {
  it("a call that comes alone leaves at once, in the same turn", async () => {
    const { ask, trip, items } = station();
    const call = ask("a");
    expect(items()).toEqual([["a"]]);
    trip(0).answer();
    expect(await call).toBe("A");
  });

  it("four leave at once, each alone; what comes while they are under way leaves as one", async () => {
    const { ask, trip, items } = station();
    const calls = ["a", "b", "c", "d", "e", "f", "g"].map(ask);
    expect(items()).toEqual([["a"], ["b"], ["c"], ["d"]]);
    trip(1).answer();
    expect(await calls[1]).toBe("B");
    expect(items().slice(4)).toEqual([["e", "f", "g"]]);
    for (const i of [4, 0, 2, 3]) trip(i).answer();
    expect(await Promise.all(calls)).toEqual(["A", "B", "C", "D", "E", "F", "G"]);
  });

  it("while many are under way, two trips are enough: the next waits for one of them", async () => {
    const { ask, trip, items } = station();
    const calls = [...ALONE, ...letters(4)].map(ask);
    trip(0).answer();
    await calls[0];
    expect(items()[4]).toEqual(letters(4));
    ask("late");
    for (const i of [1, 2]) trip(i).answer();
    await Promise.all([calls[1], calls[2]]);
    expect(items()).toHaveLength(5);
    trip(3).answer();
    await calls[3];
    expect(items().slice(5)).toEqual([["late"]]);
  });

  it("nobody joins a trip that has left, even for the same thing", async () => {
    const { ask, trip, items } = station();
    const calls = ["a", "x", "y", "z", "a"].map(ask);
    trip(0).answer(["as it was"]);
    await calls[0];
    expect(items()[4]).toEqual(["a"]);
    trip(4).answer(["as it became"]);
    expect(await Promise.all([calls[0], calls[4]])).toEqual(["as it was", "as it became"]);
  });

  it("at most 64 leave together, those who came first, and the next follow", async () => {
    const { ask, trip, items } = station();
    const calls = [...ALONE, ...letters(150)].map(ask);
    for (const i of [0, 1, 2]) trip(i).answer();
    await calls[0];
    expect(items()[4]).toEqual(letters(64));
    trip(4).answer();
    await calls[4];
    expect(items()[5]).toEqual(letters(128).slice(64));
    for (const i of [3, 5]) trip(i).answer();
    await calls[3];
    await vi.advanceTimersByTimeAsync(0);
    trip(6).answer();
    expect(items().map(({ length }) => length)).toEqual([1, 1, 1, 1, 64, 64, 22]);
    expect(await Promise.all(calls)).toHaveLength(154);
  });

  it("once all is answered, a call is alone again", async () => {
    const { ask, trip, items } = station();
    const calls = [...ALONE, "a", "b"].map(ask);
    for (const i of [0, 1, 2, 3]) trip(i).answer();
    await calls[3];
    trip(4).answer();
    await calls[5];
    for (const item of ["c", "d", "e"]) ask(item);
    expect(items().slice(5)).toEqual([["c"], ["d"], ["e"]]);
  });
});

describe("calls that must not share one", () => {
  const session = (item: string) => item.charAt(0);

  it("two uses of one session leave one after the other, in the order in which they came", async () => {
    const { ask, trip, items } = station(session);
    const calls = [...ALONE, "a1", "b1", "a2", "c1", "a3", "b2", "c2", "d1", "e1"].map(ask);
    trip(0).answer();
    await calls[0];
    expect(items()[4]).toEqual(["a1", "b1", "c1", "d1", "e1"]);
    for (const i of [1, 2, 3]) trip(i).answer();
    await calls[3];
    expect(items()[5]).toEqual(["a2", "b2", "c2"]);
    trip(5).answer();
    await calls[6];
    expect(items()[6]).toEqual(["a3"]);
    for (const i of [4, 6]) trip(i).answer();
    const answers = ["A1", "B1", "A2", "C1", "A3", "B2", "C2", "D1", "E1"];
    expect((await Promise.all(calls)).slice(4)).toEqual(answers);
  });

  it("a crowd on one session holds up no other", async () => {
    const { ask, trip, items } = station(session);
    const calls = [...ALONE, ...letters(100), "b"].map(ask);
    trip(0).answer();
    await calls[0];
    expect(items()[4]).toEqual(["item-0", "b"]);
  });
});

describe("a trip that fails", () => {
  it("each of its items is told, with that error; no other is, and nothing is asked again", async () => {
    const { ask, trip, items } = station();
    const calls = [...ALONE, "a", "b"].map(ask);
    const lost = new Error("connection lost");
    trip(0).answer();
    await calls[0];
    trip(4).fail(lost);
    for (const i of [1, 2, 3]) trip(i).answer();
    expect(await outcomes(calls)).toEqual([
      ...ALONE.map((item) => ({ status: "fulfilled", value: item.toUpperCase() })),
      { status: "rejected", reason: lost },
      { status: "rejected", reason: lost },
    ]);
    expect(items().slice(4)).toEqual([["a", "b"]]);
  });

  it("those who wait behind it leave, and are answered", async () => {
    const { ask, trip } = station();
    const calls = [...ALONE, "a"].map(ask);
    for (const i of [0, 1, 2, 3]) trip(i).fail(new Error("gone"));
    await outcomes(calls.slice(0, 4));
    trip(4).answer();
    expect(await calls[4]).toBe("A");
  });

  it("one that cannot even be sent is a failure like another", async () => {
    const ask = shareTrips<string, string>({
      send: () => {
        throw new Error("not sent");
      },
    });
    await expect(ask("a")).rejects.toThrow("not sent");
    await expect(ask("b")).rejects.toThrow("not sent");
  });

  it("answers that do not match the items are nobody's: a stranger's would be the worst answer", async () => {
    const { ask, trip } = station();
    const calls = [...ALONE, "a", "b"].map(ask);
    trip(0).answer();
    await calls[0];
    trip(4).answer(["only one"]);
    for (const i of [1, 2, 3]) trip(i).answer(["one", "too many"]);
    const statuses = (await outcomes(calls)).map(({ status }) => status);
    expect(statuses).toEqual(["fulfilled", ...Array(5).fill("rejected")]);
  });
});

describe("a trip that does not come back", () => {
  it("holds the others up for 250 ms, then they leave without it", async () => {
    const { ask, trip, items } = station();
    const calls = [...ALONE, "a", "b"].map(ask);
    await vi.advanceTimersByTimeAsync(249);
    expect(items()).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(1);
    expect(items().slice(4)).toEqual([["a", "b"]]);
    for (const i of [4, 0, 1, 2, 3]) trip(i).answer();
    expect(await Promise.all(calls)).toEqual(["W", "X", "Y", "Z", "A", "B"]);
  });

  it("gives its room back once: returning late opens no further place", async () => {
    const { ask, trip, items } = station();
    const calls = ALONE.map(ask);
    await vi.advanceTimersByTimeAsync(250);
    for (const i of [0, 1, 2, 3]) trip(i).answer();
    await Promise.all(calls);
    for (const item of letters(6)) ask(item);
    expect(items().slice(4)).toEqual(letters(4).map((item) => [item]));
  });

  it("a trip in time leaves no timer behind", async () => {
    const { ask, trip } = station();
    const call = ask("a");
    trip(0).answer();
    await call;
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
