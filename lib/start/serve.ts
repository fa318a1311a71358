import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { runningApp } from "@/lib/app/running-app.ts";
import type { AnsweredRequest } from "@/lib/base/log.ts";
import { logRequest } from "@/lib/base/log.ts";
import { plainHeaders } from "@/lib/http/answer/headers.ts";
import { createApiLane } from "@/lib/http/lanes/api-lane.ts";
import { createPagesLane } from "@/lib/http/lanes/pages-lane.ts";
import { loadPatterns, loadRouteTable } from "@/lib/http/lanes/route-table.ts";
import { answerSiblings } from "@/lib/metrics/share.ts";
import { startPruning } from "@/lib/operations/prune.ts";
import { snapshotMetrics } from "@/lib/operations/read-metrics.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { startDeliveryWorker } from "../deliveries/worker.ts";
import { startMailWorker } from "../mail/worker.ts";
import { createFront, type Lane } from "./front.ts";
import { describePortFault } from "./port.ts";
import { createStaticLane } from "./static-lane.ts";
import { nobodyListens } from "./stop-listening.ts";

export type Served = { kind: "stopped" } | { kind: "refused"; line: string };

/** Serves both lanes, sends mail and tells applications until this process is asked to stop; then what is under way finishes. */
export async function serve(
  settings: Settings,
  { root, dev, stopAsked }: { root: string; dev: boolean; stopAsked: Promise<void> },
): Promise<Served> {
  const next = await prepareNext(root, dev);
  const app = await runningApp();
  const observe = (request: AnsweredRequest) => {
    app.metrics.requestAnswered(request);
    logRequest(request);
  };
  const toNext = next.getRequestHandler();
  const staticLane: Lane = dev ? () => false : createStaticLane(root);
  const render: typeof toNext = async (incoming, outgoing) => {
    if (!staticLane(incoming, outgoing)) await toNext(incoming, outgoing);
  };
  const patterns = await loadPatterns(join(root, "app"));
  const pages = createPagesLane(render, { patterns, headers: plainHeaders(settings), observe });
  const apiLane: Lane = dev
    ? () => false
    : createApiLane(await loadRouteTable(join(root, ".build/app")), observe);
  const front = createFront(apiLane, pages, { thisMachineOnly: settings.local });
  const listening = await listen(front.server, settings.PORT);
  if (listening.kind === "refused") return listening;
  answerSiblings(() => snapshotMetrics(app));
  const mailWorker = startMailWorker(app);
  const deliveryWorker = startDeliveryWorker(app);
  const pruning = startPruning(app);
  const { origin } = new URL(settings.APP_URL);
  console.log(
    `Keyturn is ready: ${origin}${listening.port === settings.PORT ? "" : ` (port ${listening.port})`}`,
  );
  await stopAsked;
  app.revocationLog.release();
  await front.close(nobodyListens);
  pruning.stop();
  await Promise.all([mailWorker.stop(), deliveryWorker.stop()]);
  await next.close();
  return { kind: "stopped" };
}

/** Next tells how long it took to read its configuration, also where it is asked to be quiet. */
async function prepareNext(root: string, dev: boolean) {
  const { default: createNext } = await import("next");
  // On our own server Next would take every `Upgrade` for its own, `h2c` too (RFC 9110 §7.8); this one never listens.
  const next = createNext({ dev, dir: root, quiet: true, ...(!dev && { httpServer: createServer() }) });
  const { log } = console;
  if (!dev) console.log = () => {};
  await next.prepare().finally(() => {
    console.log = log;
  });
  return next;
}

type Listening = { kind: "listening"; port: number } | { kind: "refused"; line: string };

function listen(server: ReturnType<typeof createFront>["server"], port: number): Promise<Listening> {
  return new Promise((resolve) => {
    server.once("error", (error) => {
      resolve({ kind: "refused", line: describePortFault(port, error) });
    });
    server.listen(port, () => resolve({ kind: "listening", port: (server.address() as AddressInfo).port }));
  });
}
