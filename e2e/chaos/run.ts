import { parseArgs } from "node:util";
import { buildWhenNeeded } from "@/lib/start/build.ts";
import { wreak } from "./wreak.ts";

const USAGE = "npm run chaos -- [--seed 1] [--seconds 120] [--apps 12] [--browsers 3] [--thieves 2]";
const LONGEST_SECONDS = 3_600;
const MOST = 200;

/** One order from the command line; a number that is none, or out of bounds, ends it with how to ask. */
function readOrder() {
  const option = (fallback: number) => ({ type: "string" as const, default: String(fallback) });
  const { values } = parseArgs({
    options: {
      seed: option(1),
      seconds: option(120),
      apps: option(12),
      browsers: option(3),
      thieves: option(2),
    },
  });
  const read = (name: keyof typeof values, least: number, most: number) => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < least || number > most) throw new Error(`--${name}: ${USAGE}`);
    return number;
  };
  return {
    seed: read("seed", 0, 2 ** 32 - 1),
    seconds: read("seconds", 1, LONGEST_SECONDS),
    apps: read("apps", 1, MOST),
    browsers: read("browsers", 0, MOST),
    thieves: read("thieves", 0, MOST),
  };
}

const order = readOrder();
if (!(await buildWhenNeeded(process.cwd()))) throw new Error("the pages could not be built");
console.log(`Chaos with seed ${order.seed}, for ${order.seconds} seconds.`);
const tally = await wreak(order, console.log);
for (const line of tally.report()) console.log(line);
process.exit(tally.faults() === 0 ? 0 : 1);
