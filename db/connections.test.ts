import type { Sql } from "postgres";
import { describe, expect, it, vi } from "vitest";
import { createConnections } from "./connections.ts";

type Host = "one" | "two";

/** Pools of two hosts, of which `primary` takes writes; it can be changed. */
function twoHosts(primary: Host | undefined) {
  const opened: Host[] = [];
  const ended: Host[] = [];
  const state = { primary, looks: 0 };
  const connections = createConnections<Host>({
    places: ["one", "two"],
    open(host) {
      opened.push(host);
      const end = async () => void ended.push(host);
      return { options: { parsers: {}, serializers: {} }, end } as unknown as Sql;
    },
    async find() {
      state.looks += 1;
      return state.primary;
    },
  });
  return { connections, opened, ended, state };
}

describe("of two hosts", () => {
  it("the other is used once it takes writes, and looked for by one look at a time until then", async () => {
    vi.useFakeTimers();
    const { connections, opened, ended, state } = twoHosts(undefined);
    const first = connections.current();
    connections.giveUpAfter(first, "ECONNREFUSED");
    connections.giveUpAfter(first, "57P01");
    await vi.advanceTimersByTimeAsync(600);
    expect({ opened, looks: state.looks }).toEqual({ opened: ["one"], looks: 3 });
    state.primary = "two";
    await vi.advanceTimersByTimeAsync(300);
    expect({ opened, ended }).toEqual({ opened: ["one", "two"], ended: ["one"] });
    connections.giveUpAfter(first, "CONNECTION_DESTROYED");
    await vi.advanceTimersByTimeAsync(600);
    expect(state.looks).toBe(4);
    vi.useRealTimers();
  });

  it.each([
    "ECONNRESET",
    "57P03",
    "CONNECTION_CLOSED",
  ])("%s of a host that is there again leaves the pool as it is, which connects by itself", async (code) => {
    const { connections, opened, state } = twoHosts("one");
    connections.giveUpAfter(connections.current(), code);
    await vi.waitFor(() => expect(state.looks).toBe(1));
    expect(opened).toEqual(["one"]);
  });

  it.each(["25006", "CONNECTION_SILENT"])("%s makes connections anew, to the same host too", async (code) => {
    const { connections, opened } = twoHosts("one");
    connections.giveUpAfter(connections.current(), code);
    await vi.waitFor(() => expect(opened).toEqual(["one", "one"]));
  });

  it.each(["23505", "40001", "57014", "55P03", "53300"])("%s says nothing of the host", async (code) => {
    const { connections, state } = twoHosts("two");
    connections.giveUpAfter(connections.current(), code);
    expect(state.looks).toBe(0);
  });

  it("nobody looks any more once they are closed", async () => {
    vi.useFakeTimers();
    const { connections, state, opened } = twoHosts(undefined);
    connections.giveUpAfter(connections.current(), "ECONNREFUSED");
    await connections.close();
    state.primary = "two";
    await vi.advanceTimersByTimeAsync(2_000);
    expect({ opened, looks: state.looks }).toEqual({ opened: ["one"], looks: 1 });
    vi.useRealTimers();
  });
});
