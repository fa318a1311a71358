import { findApplication } from "@/db/queries/applications.ts";
import {
  claimDelivery,
  type Delivery,
  giveDeliveryUp,
  markDelivered,
  postponeDelivery,
  type Receiver,
} from "@/db/queries/deliveries.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { sha256 } from "@/lib/base/crypto.ts";
import { log } from "@/lib/base/log.ts";
import type { DeliveryApp } from "./delivery-deps.ts";
import { writeLogOut } from "./log-out-token.ts";
import { type Post, postOut } from "./post-out.ts";
import { writeWebhook } from "./webhook.ts";
import { openWebhookSecrets } from "./webhook-secret.ts";

/** How long a claim holds: longer than any try takes, so that no second worker sends the same meanwhile. */
const LEASE_SECONDS = 60;

const DAY_SECONDS = 24 * 60 * 60;
/** How long each is tried: a log-out is of no use to sessions that ended by themselves, a webhook outlasts a weekend. */
const TRIED_FOR_SECONDS = { backchannel: DAY_SECONDS, webhook: 3 * DAY_SECONDS };

/** Waits between tries, before a fifth more or less of each; the last one repeats. */
const BACK_OFF_SECONDS = [5, 30, 120, 600, 1_800, 3_600, 10_800];
const JITTER = 0.2;

type Outcome = { kind: "delivered" } | { kind: "refused" | "failed"; answer: string };

/**
 * Sends what has been due longest at an address, outside any transaction. Returns whether there was something.
 *
 * 1. its application is gone → nothing is sent, and nothing is left
 * 2. taken: 200 or 204, for a webhook any 2xx → done
 * 3. a log-out that is refused with 400, which says that no other try helps (Back-Channel Logout §2.8) → given up
 * 4. anything else, a redirect too → again after a pause that grows, unless it has been tried for a day (a log-out) or
 *    three (a webhook) by then: given up
 *
 * A process that dies in between leaves the row to the next claim, which sends it under the same id.
 *
 * @param onClaimed called when there is something, before it is sent
 */
export async function sendNext(
  app: DeliveryApp,
  receiver: Receiver,
  onClaimed: () => void = () => {},
): Promise<boolean> {
  const now = app.clock.now();
  const claim = await claimDelivery(app.db, receiver, now, secondsAfter(now, LEASE_SECONDS));
  if (!claim) return false;
  onClaimed();
  await settle(app, claim, await hand(app, claim));
  return true;
}

async function hand(app: DeliveryApp, claim: Delivery): Promise<Outcome> {
  const target = await write(app, claim);
  if (target.kind === "failed") return target;
  const { allowPrivate } = app.deliveries;
  const answered = await postOut(target.address, target.post, { allowPrivate });
  if (answered.kind === "unanswered") return { kind: "failed", answer: answered.why };
  const { status } = answered;
  const isLogOut = claim.channel === "backchannel";
  if (isLogOut ? status === 200 || status === 204 : status >= 200 && status < 300)
    return { kind: "delivered" };
  const answer = `it answered ${status}${status >= 300 && status < 400 ? ", and redirects are not followed" : ""}`;
  return { kind: isLogOut && status === 400 ? "refused" : "failed", answer };
}

type Target = { kind: "written"; address: string; post: Post } | { kind: "failed"; answer: string };

async function write({ db, clock, deliveries, tokens }: DeliveryApp, claim: Delivery): Promise<Target> {
  const application = await findApplication(db, claim.applicationId);
  const now = clock.now();
  if (claim.channel === "backchannel") {
    const address = application?.backchannelAddress;
    if (!address) return NOBODY;
    const post = await writeLogOut(tokens.keys.id, deliveries.issuer, claim, now);
    return { kind: "written", address, post };
  }
  if (!application?.webhookAddress || claim.body === null) return NOBODY;
  const secrets = openWebhookSecrets(deliveries, application, now);
  if (secrets.length === 0) return UNREADABLE;
  const post = writeWebhook(claim.id, claim.body, secrets, now);
  return { kind: "written", address: application.webhookAddress, post };
}

const NOBODY = { kind: "failed", answer: "there is no address" } as const;
const UNREADABLE = {
  kind: "failed",
  answer: "its secret can't be read under this SECRET_KEY: make a new one",
} as const;

async function settle({ db, clock }: DeliveryApp, claim: Delivery, outcome: Outcome): Promise<void> {
  const now = clock.now();
  if (outcome.kind === "delivered") return markDelivered(db, claim, now);
  const { id, type, applicationId, attempts } = claim;
  const { answer } = outcome;
  const told = { delivery: id, type, application: applicationId, attempts, answer };
  const next = outcome.kind === "failed" ? nextAttempt(claim, now) : null;
  if (next === null) {
    log.error(told, "delivery given up");
    return giveDeliveryUp(db, claim, answer, now);
  }
  log.warn(told, "delivery postponed");
  await postponeDelivery(db, claim, answer, next);
}

/** Null when it has been tried for long enough. */
function nextAttempt({ id, attempts, channel, triedSince }: Delivery, now: Date): Date | null {
  const pauseSeconds = BACK_OFF_SECONDS[Math.min(attempts, BACK_OFF_SECONDS.length) - 1] ?? 0;
  const next = secondsAfter(now, pauseSeconds * (1 + JITTER * spread(id, attempts)));
  return next < secondsAfter(triedSince, TRIED_FOR_SECONDS[channel]) ? next : null;
}

/** A number from -1 to 1 that another delivery, and another try, has none alike: many that failed at once don't come back at once. */
function spread(id: string, attempts: number): number {
  return sha256(`${id} ${attempts}`).readUInt16BE(0) / 32_767.5 - 1;
}
