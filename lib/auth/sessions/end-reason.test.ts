import { describe, expect, it } from "vitest";
import { revokedReasons } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { instant, secondsAfter } from "@/lib/base/clock.ts";
import { endReason } from "./end-reason.ts";

const NOW = instant("2026-03-01T12:00:00.000Z");
const live = { revokedReason: null, idleExpiresAt: secondsAfter(NOW, 1), expiresAt: secondsAfter(NOW, 1) };
const appWith = (LEEWAY: number) => ({ settings: { LEEWAY } }) as App;
const why = (change: Partial<Parameters<typeof endReason>[1]>, { isActive = true, leeway = 0 } = {}) =>
  endReason({ app: appWith(leeway), now: NOW }, { ...live, ...change }, isActive);

describe("why a session can't be used", () => {
  it("none while it is live", () => {
    expect(why({})).toBeNull();
  });

  it.each(revokedReasons)("%s, before anything else that may be true of it", (reason) => {
    expect(why({ revokedReason: reason })).toBe(reason);
    expect(why({ revokedReason: reason, expiresAt: NOW }, { isActive: false, leeway: 60 })).toBe(reason);
  });

  it("an inactive person, before its time", () => {
    expect(why({}, { isActive: false })).toBe("account_deactivated");
    expect(why({ expiresAt: NOW }, { isActive: false })).toBe("account_deactivated");
  });

  it.each(["idleExpiresAt", "expiresAt"] as const)("%s, at that very instant", (column) => {
    expect(why({ [column]: secondsAfter(NOW, 0.001) })).toBeNull();
    expect(why({ [column]: NOW })).toBe("expired");
    expect(why({ [column]: secondsAfter(NOW, -30 * 86_400) })).toBe("expired");
  });

  it.each(["idleExpiresAt", "expiresAt"] as const)("%s, when the leeway is over too", (column) => {
    expect(why({ [column]: secondsAfter(NOW, -29.999) }, { leeway: 30 })).toBeNull();
    expect(why({ [column]: secondsAfter(NOW, -30) }, { leeway: 30 })).toBe("expired");
  });
});
