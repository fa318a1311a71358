import { refreshChains, repeat } from "./kit/chains.ts";
import { requestText } from "./kit/keep-alive.ts";
import { load } from "./kit/load.ts";
import { type Findings, factRow, grouped } from "./kit/report.ts";
import { residentMb } from "./kit/resident-memory.ts";
import { addPeople, addSessions, pickHolders, settle } from "./kit/seed.ts";
import { withWorld } from "./kit/world.ts";

const CHAINS = 16;
const REQUESTS = 100_000;
const MOST_MB = 150;

/** What one serving process holds in memory at its start, and after many requests: a third refreshes, the rest reads. */
export function measureMemory(): Promise<Findings> {
  return withWorld(async (world) => {
    await addPeople(world.app, "person", 1_000);
    await addSessions(world.app, "person", 1);
    await settle(world.app);
    const holders = await pickHolders(world.app, "person", CHAINS);
    const reads = holders.map(({ access }) => ({ authorization: `Bearer ${access}` }));
    const atStart = residentMb(world.pid);
    const third = { requests: REQUESTS / 3 };
    await load(world.port, refreshChains(holders, CHAINS), third);
    for (const path of ["/api/me", "/api/sessions"])
      await load(
        world.port,
        reads.map((headers) => repeat(requestText("GET", path, headers))),
        third,
      );
    const after = residentMb(world.pid);
    const what = `Memory of one serving process after ${grouped(REQUESTS)} requests`;
    const measured = `${atStart.toFixed(0)} MB → ${after.toFixed(0)} MB`;
    return { rows: [factRow(what, measured, `≤ ${MOST_MB} MB`, after <= MOST_MB)], notes: [] };
  });
}
