import { describe, expect, it } from "vitest";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { refreshSession } from "./refresh-session.ts";

const world = createWorld();
const json = { delivery: "json", retryKey: null, device: LAPTOP } as const;

describe("1. rotated", () => {
  it("gives a new pair, once", async () => {
    const { tokens } = await world.session(await world.person());
    const first = await refreshSession(world.app, { ...json, token: tokens.refresh }, world.clock.now());
    expect(first.kind).toBe("refreshed");
    const second = await refreshSession(world.app, { ...json, token: tokens.refresh }, world.clock.now());
    expect(second).toMatchObject({
      code: "token_not_valid",
      detail: "Token is blacklisted",
      extra: { reason: "token_reused" },
    });
  });
});
