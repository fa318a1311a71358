import { poolUse } from "@/db/client.ts";
import { measureDeliveries } from "@/db/queries/deliveries.ts";
import { measureOutbox } from "@/db/queries/outbox.ts";
import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { clientNetwork, rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import { constantTimeEqual } from "@/lib/base/crypto.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { type MetricsSnapshot, metricsText } from "@/lib/metrics/counters.ts";
import { askSiblings } from "@/lib/metrics/share.ts";

/**
 * This Keyturn's numbers for Prometheus: those of all its serving processes, added up.
 *
 * 1. METRICS_TOKEN is unset → there are no metrics
 * 2. the token → the text, also while the database is away
 * 3. no token → refused; another one → the same, and after ten a minute from one client `throttled`. Who guesses right
 *    is let in however many others guess
 */
export async function readMetrics(
  app: App,
  token: string | null,
  device: Device,
  now: Date,
): Promise<{ kind: "read"; text: string } | Failure> {
  const { METRICS_TOKEN } = app.settings;
  if (METRICS_TOKEN === undefined) return failure("not_found");
  if (token === null) return failure("not_authenticated");
  if (!constantTimeEqual(token, METRICS_TOKEN)) {
    const wrong = { limit: "wrong metrics tokens from a client", subject: clientNetwork(device.ip) } as const;
    return (await rateLimit({ app, now }, app.db, wrong)) ?? failure("not_authenticated");
  }
  const [own, others] = await Promise.all([snapshotMetrics(app), askSiblings()]);
  return { kind: "read", text: await metricsText([own, ...others]) };
}

/** The numbers of this process. */
export async function snapshotMetrics(app: App): Promise<MetricsSnapshot> {
  return app.metrics.snapshot({
    passwords: app.passwordsUse(),
    pool: poolUse(app.db),
    outbox: await measure(app, measureOutbox).catch(() => null),
    deliveries: await measure(app, measureDeliveries).catch(() => null),
  });
}

async function measure({ db, clock }: App, measureQueue: typeof measureOutbox) {
  const { waiting, oldest } = await measureQueue(db);
  const oldestAgeSeconds = oldest ? Math.max(0, clock.now().getTime() - oldest.getTime()) / 1000 : 0;
  return { waiting, oldestAgeSeconds };
}
