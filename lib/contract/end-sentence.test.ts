import { expect, it } from "vitest";
import { instant } from "@/lib/base/clock.ts";
import { endSentence } from "./end-sentence.ts";
import type { EndReason } from "./errors.ts";

const AT = instant("2026-03-01T12:00:00Z");
const from = "Firefox on macOS";

it.each<[EndReason, string, string]>([
  [
    "revoked_by_owner",
    "You logged this device out from Firefox on macOS, NOW.",
    "You logged this device out.",
  ],
  [
    "logged_out_everywhere",
    "You logged out everywhere from Firefox on macOS, NOW.",
    "You logged out everywhere.",
  ],
  ["logged_out", "You logged out, NOW.", "You logged out."],
  [
    "replaced",
    "This device was logged out, NOW, because a newer log-in took its place.",
    "This device was logged out, because a newer log-in took its place.",
  ],
  [
    "expired",
    "Your session ended: it was not used for a while, or as old as one can get.",
    "Your session ended: it was not used for a while, or as old as one can get.",
  ],
])("%s, with all that is known and with nothing", (reason, known, unknown) => {
  const { start, at, rest } = endSentence({ reason, at: AT, from });
  expect(`${start}${at ? "NOW" : ""}${rest}`).toBe(known);
  const bare = endSentence({ reason, at: null, from: null });
  expect(bare).toMatchObject({ at: null });
  expect(`${bare.start}${bare.rest}`).toBe(unknown);
});
