import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Settings } from "../env.ts";
import { createApiLane } from "../http/api-lane.ts";
import { loadRouteTable } from "../http/route-table.ts";
import { createFront, type Lane } from "./front.ts";
import { askedToStop } from "./stop.ts";

export type Served = { kind: "stopped" } | { kind: "refused"; line: string };

/** Serves both lanes until this process is asked to stop; then open requests finish. */
export async function serve(
  settings: Settings,
  { root, dev }: { root: string; dev: boolean },
): Promise<Served> {
  const { default: createNext } = await import("next");
  const next = createNext({ dev, dir: root, quiet: true });
  await next.prepare();
  const toNext = next.getRequestHandler();
  const pages: Lane = (incoming, outgoing) => {
    void toNext(incoming, outgoing);
    return true;
  };
  const apiLane: Lane = dev ? () => false : createApiLane(await loadRouteTable(join(root, "app")));
  const front = createFront(apiLane, pages);
  const listening = await listen(front.server, settings.PORT);
  if (listening.kind === "refused") return listening;
  const { origin } = new URL(settings.APP_URL);
  console.log(
    `Keyturn is ready: ${origin}${listening.port === settings.PORT ? "" : ` (port ${listening.port})`}`,
  );
  await askedToStop();
  await front.close();
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
