import { databaseFault } from "@/db/client.ts";
import type { App } from "@/lib/app/app.ts";
import { type PrunedEvents, pruneEvents } from "@/lib/auth/activity/prune-events.ts";
import { pruneProofs } from "@/lib/auth/challenges/prune-challenges.ts";
import { pruneInvitations } from "@/lib/auth/registration/prune-invitations.ts";
import { pruneSessions } from "@/lib/auth/sessions/prune-sessions.ts";
import { log } from "@/lib/base/log.ts";
import { pruneDeliveries } from "./prune-deliveries.ts";
import { pruneMail } from "./prune-mail.ts";
import { pruneRevocations } from "./prune-revocations.ts";

const EVERY_MS = 60 * 60 * 1000;

/** Deletes what has ended long enough ago, in small batches; returns how many sessions, and what came of the audit trail. */
export async function prune(app: App, now: Date): Promise<{ sessions: number; events: PrunedEvents }> {
  await pruneProofs({ app, now });
  await pruneInvitations({ app, now });
  await pruneMail(app, now);
  await pruneRevocations(app, now);
  await pruneDeliveries(app, now);
  return { sessions: await pruneSessions({ app, now }), events: await pruneEvents({ app, now }) };
}

/** Prunes once an hour until `stop`; any number of processes may. A database that is away is tried again next time. */
export function startPruning(app: App): { stop(): void } {
  const timer = setInterval(() => {
    prune(app, app.clock.now()).catch((error: unknown) => {
      log.error({ code: databaseFault(error)?.code }, "pruning failed");
    });
  }, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
