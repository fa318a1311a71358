import { wreak } from "../e2e/chaos/wreak.ts";
import { expect, test } from "../e2e/fixtures.ts";

const ORDER = { seed: 20_261_127, seconds: 10, apps: 8, browsers: 2, thieves: 2 };

test("while things break on purpose nobody is logged out falsely, no theft goes unseen and no end is undone", async () => {
  const tally = await wreak(ORDER, console.log);
  console.log(tally.report().join("\n"));
  expect(tally.faults(), tally.report().join("\n")).toBe(0);
});
