import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Settings } from "../env.ts";
import { createApiLane } from "../http/api-lane.ts";
import { plainHeaders } from "../http/headers.ts";
import { createPagesLane } from "../http/pages-lane.ts";
import { loadPatterns, loadRouteTable } from "../http/route-table.ts";
import { logRequest } from "../log.ts";
import { startMailWorker } from "../mail/worker.ts";
import type { AnsweredRequest } from "../metrics.ts";
import { startPruning } from "../prune.ts";
import { snapshotMetrics } from "../read-metrics.ts";
import { runningApp } from "../running-app.ts";
import { answerSiblings } from "../share-metrics.ts";
import { createFront, type Lane } from "./front.ts";
import { createStaticLane } from "./static-lane.ts";
import { nobodyListens } from "./stop-listening.ts";

export type Served = { kind: "stopped" } | { kind: "refused"; line: string };

/** Serves both lanes and sends mail until this process is asked to stop; then what is under way finishes. */
export async function serve(
  settings: Settings,
  { root, dev, stopAsked }: { root: string; dev: boolean; stopAsked: Promise<void> },
): Promise<Served> {
  const { default: createNext } = await import("next");
  const next = createNext({ dev, dir: root, quiet: true });
  await next.prepare();
  const app = await runningApp();
  const observe = (request: AnsweredRequest) => {
    app.metrics.requestAnswered(request);
    logRequest(request);
  };
  const folder = join(root, "app");
  const toNext = next.getRequestHandler();
  const staticLane: Lane = dev ? () => false : createStaticLane(root);
  const render: typeof toNext = async (incoming, outgoing) => {
    if (!staticLane(incoming, outgoing)) await toNext(incoming, outgoing);
  };
  const patterns = await loadPatterns(folder);
  const pages = createPagesLane(render, { patterns, headers: plainHeaders(settings), observe });
  const apiLane: Lane = dev ? () => false : createApiLane(await loadRouteTable(folder), observe);
  const front = createFront(apiLane, pages, { thisMachineOnly: settings.local });
  const listening = await listen(front.server, settings.PORT);
  if (listening.kind === "refused") return listening;
  answerSiblings(() => snapshotMetrics(app));
  const mailWorker = startMailWorker(app);
  const pruning = startPruning(app);
  const { origin } = new URL(settings.APP_URL);
  console.log(
    `Keyturn is ready: ${origin}${listening.port === settings.PORT ? "" : ` (port ${listening.port})`}`,
  );
  await stopAsked;
  await front.close(nobodyListens);
  pruning.stop();
  await mailWorker.stop();
  await next.close();
  return { kind: "stopped" };
}

type Listening = { kind: "listening"; port: number } | { kind: "refused"; line: string };

function listen(server: ReturnType<typeof createFront>["server"], port: number): Promise<Listening> {
  return new Promise((resolve) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => {
      resolve({ kind: "refused", line: `PORT ${port} cannot be used (${code}).` });
    });
    server.listen(port, () => resolve({ kind: "listening", port: (server.address() as AddressInfo).port }));
  });
}
