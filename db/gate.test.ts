import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { databaseFault } from "./client.ts";
import { createGate, PoolExhausted } from "./gate.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work that goes on until it is told to end. */
function work() {
  let begun = false;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = () => {
    begun = true;
    return ended;
  };
  return { run, end, begun: () => begun };
}

describe("a gate", () => {
  it("lets as many pass at once as it is wide, and the others in the order in which they came", async () => {
    const gate = createGate(2, 1_000);
    const works = [work(), work(), work(), work()];
    const passed = works.map(({ run }) => gate.pass(run));
    expect(works.map(({ begun }) => begun())).toEqual([true, true, false, false]);
    expect(gate.use()).toEqual({ size: 2, inUse: 2, waiting: 2, refused: 0 });
    works[1]?.end();
    await passed[1];
    expect(works.map(({ begun }) => begun())).toEqual([true, true, true, false]);
    for (const { end } of works) end();
    await Promise.all(passed);
    expect(gate.use()).toEqual({ size: 2, inUse: 0, waiting: 0, refused: 0 });
  });

  it("refuses who has waited too long, and never begins their work", async () => {
    const gate = createGate(1, 1_000);
    const [slow, late] = [work(), work()];
    const first = gate.pass(slow.run);
    const second = gate.pass(late.run).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(999);
    expect(gate.use().waiting).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    const refusal = await second;
    expect(refusal).toBeInstanceOf(PoolExhausted);
    expect(databaseFault(refusal)).toEqual({ code: "CONNECTION_POOL_EXHAUSTED", away: true });
    slow.end();
    await first;
    expect(late.begun()).toBe(false);
    expect(gate.use()).toEqual({ size: 1, inUse: 0, waiting: 0, refused: 1 });
  });

  it("is free again after work that failed", async () => {
    const gate = createGate(1, 1_000);
    await expect(gate.pass(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await gate.pass(async () => "yes")).toBe("yes");
  });
});
