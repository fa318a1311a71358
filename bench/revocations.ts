import { setTimeout as pause } from "node:timers/promises";
import { createVerifier, type Verifier } from "@keyturn/verify";
import { addApplication } from "@/lib/auth/applications/add-application.ts";
import { systemClock } from "@/lib/base/clock.ts";
import { KeepAlive, requestText } from "./kit/keep-alive.ts";
import { ask } from "./kit/load.ts";
import { spentUs } from "./kit/processor-time.ts";
import { type Findings, factRow, grouped, milliseconds } from "./kit/report.ts";
import { residentMb } from "./kit/resident-memory.ts";
import { addPeople, addSessions, type Holder, pickHolders, settle } from "./kit/seed.ts";
import { summarize } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const LOG_OUTS = 1_000;
const SERVICES = 3;
const READERS = 1_000;
const IDLE_MS = 20_000;
const WITHIN_MS = 2_000;
const GIVE_UP_AFTER_MS = 10_000;
const ISSUER = "bench";

/**
 * How soon a log-out reaches other services, and what those that wait cost.
 *
 * 1. so many log-outs over two processes, three services that follow the log, one of which is started anew halfway: the
 *    time from the log-out's answer to the refusal of its access token, and none missed
 * 2. a thousand readers that wait while nothing happens: processor time and memory of the process
 */
export async function measureRevocations(): Promise<Findings> {
  const reached = await withWorld(measureReach, { ISSUER, WEB_CONCURRENCY: "2" });
  const idle = await withWorld(measureIdleReaders);
  return { rows: [...reached, ...idle], notes: [] };
}

async function measureReach(world: World) {
  await addPeople(world.app, "leaver", LOG_OUTS);
  await addSessions(world.app, "leaver", 1);
  await settle(world.app);
  const holders = await pickHolders(world.app, "leaver", LOG_OUTS);
  const services = await Promise.all(Array.from({ length: SERVICES }, () => startService(world)));
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  for (const [i, holder] of holders.entries()) {
    if (i === LOG_OUTS / 2) await restartLast(world, services);
    await logOut(world.port, holder);
    const answeredMs = performance.now();
    const refused = services.map((service) => untilRefused(service, holder.access, answeredMs));
    latenciesMs.push(...(await Promise.all(refused)));
  }
  for (const service of services) service.close();
  const { p50Ms, p99Ms } = summarize(latenciesMs, performance.now() - startMs);
  const missed = latenciesMs.filter((ms) => ms >= GIVE_UP_AFTER_MS).length;
  const what = `${grouped(LOG_OUTS)} log-outs, two processes, ${SERVICES} services`;
  return [
    factRow(`${what}: refused after, p50`, milliseconds(p50Ms)),
    factRow(`${what}: refused after, p99`, milliseconds(p99Ms), `< ${WITHIN_MS} ms`, p99Ms < WITHIN_MS),
    factRow(`${what}: missed`, String(missed), "0", missed === 0),
  ];
}

async function startService(world: World): Promise<Verifier> {
  const { client_id, client_secret } = await newApplication(world);
  const verifier = createVerifier({
    issuer: ISSUER,
    keys: world.app.settings.SECRET_KEY ?? "",
    revocations: {
      url: `http://127.0.0.1:${world.port}`,
      id: client_id,
      secret: client_secret ?? "",
      whenStale: "accept",
    },
  });
  await verifier.ready();
  return verifier;
}

function newApplication({ app }: World) {
  const asked = {
    name: "An API",
    redirect_addresses: ["https://api.example.com/unused"],
    confidential: true,
  };
  return addApplication({ app, now: systemClock.now() }, asked);
}

async function restartLast(world: World, services: Verifier[]): Promise<void> {
  services.pop()?.close();
  services.push(await startService(world));
}

async function logOut(port: number, { access, refresh }: Holder): Promise<void> {
  const headers = { authorization: `Bearer ${access}` };
  const body = JSON.stringify({ refresh_token: refresh });
  const { status } = await ask(port, requestText("POST", "/logout_token", headers, body));
  if (status !== 200) throw new Error(`a log-out was answered ${status}`);
}

/** How long after `sinceMs` the token is refused for its session's end. */
async function untilRefused(service: Verifier, token: string, sinceMs: number): Promise<number> {
  while (performance.now() - sinceMs < GIVE_UP_AFTER_MS) {
    const code = await service.verify(token).then(
      () => "passes",
      (fault: { code?: string }) => fault.code,
    );
    if (code === "revoked") break;
    await pause(1);
  }
  return performance.now() - sinceMs;
}

async function measureIdleReaders(world: World) {
  const { client_id, client_secret } = await newApplication(world);
  const credentials = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
  const request = requestText("GET", "/api/revocations?wait=25", { authorization: `Basic ${credentials}` });
  const shareBefore = await shareOfOneCore(world.pid);
  const before = residentMb(world.pid);
  const readers = await Promise.all(Array.from({ length: READERS }, () => KeepAlive.open(world.port)));
  const answers = readers.map((reader) => reader.exchange(request));
  for (const answer of answers) answer.catch(() => {});
  await pause(3_000);
  const share = await shareOfOneCore(world.pid);
  const after = residentMb(world.pid);
  for (const reader of readers) reader.close();
  const what = `${grouped(READERS)} readers that wait`;
  return [
    factRow(`${what}: share of one core`, `${tenths(shareBefore)} → ${tenths(share)}`),
    factRow(`${what}: memory`, `${before.toFixed(0)} MB → ${after.toFixed(0)} MB`),
  ];
}

/** What a process that is left alone spends of one core. */
async function shareOfOneCore(pid: number): Promise<number> {
  const before = spentUs(pid);
  await pause(IDLE_MS);
  return (spentUs(pid) - before) / 1_000 / IDLE_MS;
}

const tenths = (share: number) => `${(100 * share).toFixed(1)} %`;
