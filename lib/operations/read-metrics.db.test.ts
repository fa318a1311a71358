import { describe, expect, it } from "vitest";
import { codeRefused } from "@/lib/testing/two-step.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { readMetrics } from "./read-metrics.ts";

const TOKEN = "a-token-that-only-the-scraper-knows";

const world = createWorld({ RATE_LIMITS: "on", METRICS_TOKEN: TOKEN });

const read = (token: string | null, device = LAPTOP) =>
  readMetrics(world.app, token, device, world.clock.now());

describe("3. another token", () => {
  it("ten guesses a minute from one client are answered; then it waits, and others don't", async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await read(`guess ${turn}`)).toMatchObject({ code: "not_authenticated" });
    }
    expect(await read("guess")).toEqual(codeRefused.throttled(6));
    expect(await read("guess", { ...LAPTOP, ip: "203.0.113.80" })).toMatchObject({
      code: "not_authenticated",
    });
    world.clock.advance(6);
    expect(await read("guess")).toMatchObject({ code: "not_authenticated" });
  });

  it("keeps no scraper out that has the right one", async () => {
    for (let turn = 0; turn < 12; turn += 1) await read("guess");
    expect(await read(TOKEN)).toMatchObject({ kind: "read" });
  });
});
