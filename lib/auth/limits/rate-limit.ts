import type { Executor } from "@/db/client.ts";
import {
  type Budget,
  countFailure,
  forgetFailures,
  takeFromBudget,
  uncountFailure,
} from "@/db/queries/rate-limits.ts";
import type { App } from "@/lib/app/app.ts";
import type { Moment } from "@/lib/app/call.ts";
import { hmacBytes } from "@/lib/base/crypto.ts";
import { type Failure, throttled } from "@/lib/contract/errors.ts";
import { type BudgetName, budgets } from "./budgets.ts";
import { type FailureLimitName, failureLimits } from "./failure-limits.ts";

/** One row of a limit: whom it concerns. */
export type Limited<Name extends BudgetName | FailureLimitName> = { limit: Name; subject: string };

/**
 * Takes one from a budget; a failure says how long to wait. `RATE_LIMITS=off` lets everything through but guesses at
 * codes.
 */
export async function rateLimit(
  { app, now }: Moment,
  db: Executor,
  limited: Limited<BudgetName>,
): Promise<Failure | null> {
  const budget: Budget & { always?: true } = budgets[limited.limit];
  if (app.settings.RATE_LIMITS === "off" && !budget.always) return null;
  const wait = await takeFromBudget(db, limitKey(app, limited), budget, now);
  return wait === null ? null : throttled(wait);
}

/** Makes a limit whole again for one subject, in the caller's transaction where it is part of that. */
export async function forgive(
  app: App,
  db: Executor,
  limited: Limited<BudgetName | FailureLimitName>,
): Promise<void> {
  await forgetFailures(db, limitKey(app, limited));
}

export type CountedTry = {
  kind: "counted";
  /** After a right password: no failure before it counts any more. */
  forgive(): Promise<void>;
  /** Where the password was not verified after all: this try doesn't count, every other does. */
  takeBack(): Promise<void>;
};

/**
 * Counts a password try as failed before it is verified, so that simultaneous guesses are bounded too. The failure
 * says how long to wait.
 */
export async function countPasswordTry(
  { app, now }: Moment,
  limited: Limited<FailureLimitName>,
): Promise<Failure | CountedTry> {
  const nothing = async () => {};
  if (app.settings.RATE_LIMITS === "off") return { kind: "counted", forgive: nothing, takeBack: nothing };
  const key = limitKey(app, limited);
  const wait = await countFailure(app.db, key, failureLimits[limited.limit], now);
  if (wait !== null) return throttled(wait);
  return {
    kind: "counted",
    forgive: () => forgetFailures(app.db, key),
    takeBack: () => uncountFailure(app.db, key, now),
  };
}

/**
 * The client whose requests count together: an IPv4 address, or an IPv6 /64, which one customer holds whole. However
 * an address is spelled, it is the same client; an IPv4 address in an IPv6 one (RFC 4291 §2.5.5.2) is that address.
 */
export function clientNetwork(ip: string | null): string {
  if (ip === null || !ip.includes(":")) return ip ?? "unknown";
  const groups = ipv6Groups(ip);
  if (groups.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") return `${groups.slice(0, 4).join(":")}::/64`;
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The eight groups of an IPv6 address. The URL parser settles case, zeros and dotted ends. */
function ipv6Groups(ip: string): string[] {
  const { hostname } = new URL(`http://[${ip.replace(/%.*$/, "")}]`);
  const [left = [], right = []] = hostname
    .slice(1, -1)
    .split("::")
    .map((half) => half.split(":").filter(Boolean));
  return [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
}

function limitKey(app: App, { limit, subject }: Limited<BudgetName | FailureLimitName>): Buffer {
  return hmacBytes(app.limitHashing, `${limit} ${subject}`);
}
