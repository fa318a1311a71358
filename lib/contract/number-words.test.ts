import { expect, it } from "vitest";
import { durationWords } from "./number-words.ts";

it.each([
  [600, "ten minutes"],
  [1_800, "30 minutes"],
  [60, "one minute"],
  [3_600, "one hour"],
  [5_400, "90 minutes"],
  [7 * 86_400, "seven days"],
  [30 * 86_400, "30 days"],
  [90, "90 seconds"],
])("%i seconds are %j", (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});
