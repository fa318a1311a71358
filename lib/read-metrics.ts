import { poolUse } from "@/db/client.ts";
import { measureOutbox } from "@/db/queries/outbox.ts";
import type { App } from "./app.ts";
import { type Failure, failure } from "./contract/errors.ts";
import { constantTimeEqual } from "./crypto.ts";
import { type MetricsSnapshot, metricsText } from "./metrics.ts";
import { askSiblings } from "./share-metrics.ts";

/**
 * This Keyturn's numbers for Prometheus: those of all its serving processes, added up.
 *
 * 1. METRICS_TOKEN is unset → there are no metrics
 * 2. no token, or another one → refused
 * 3. else → the text, also while the database is away
 */
export async function readMetrics(
  app: App,
  token: string | null,
): Promise<{ kind: "read"; text: string } | Failure> {
  const { METRICS_TOKEN } = app.settings;
  if (METRICS_TOKEN === undefined) return failure("not_found");
  if (token === null || !constantTimeEqual(token, METRICS_TOKEN)) return failure("not_authenticated");
  const [own, others] = await Promise.all([snapshotMetrics(app), askSiblings()]);
  return { kind: "read", text: await metricsText([own, ...others]) };
}

/** The numbers of this process. */
export async function snapshotMetrics(app: App): Promise<MetricsSnapshot> {
  return app.metrics.snapshot({
    passwords: app.passwordsUse(),
    pool: poolUse(app.db),
    outbox: await measureMail(app).catch(() => null),
  });
}

async function measureMail({ db, clock }: App) {
  const { waiting, oldest } = await measureOutbox(db);
  const oldestAgeSeconds = oldest ? Math.max(0, clock.now().getTime() - oldest.getTime()) / 1000 : 0;
  return { waiting, oldestAgeSeconds };
}
