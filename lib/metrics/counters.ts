import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { GateUse } from "@/db/gate.ts";
import type { AnsweredRequest } from "@/lib/base/log.ts";
import type { PasswordsUse } from "@/lib/passwords/hash.ts";

/** What became of a refresh token that was presented: turned, the same pair again, or a copy that came back. */
type RefreshOutcome = "rotated" | "retried" | "reused";

type Queue = { waiting: number; oldestAgeSeconds: number };

/** What is looked up when somebody asks for metrics; a queue is null while the database is away. */
export type Measured = {
  passwords: PasswordsUse;
  pool: GateUse;
  outbox: Queue | null;
  /** What applications are still to be told. */
  deliveries: Queue | null;
};

/** One process's counters as JSON, which can travel to another process. */
export type MetricsSnapshot = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

export type Metrics = {
  requestAnswered(request: AnsweredRequest): void;
  refreshAnswered(outcome: RefreshOutcome): void;
  snapshot(measured: Measured): Promise<MetricsSnapshot>;
};

/** Counts nothing: for a process whose metrics nobody may read. */
export const noMetrics: Metrics = {
  requestAnswered() {},
  refreshAnswered() {},
  snapshot: async () => [],
};

const LATENCY_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Counts for one process, and watches that process itself: memory, processor time, event loop. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "keyturn_requests_total",
    help: "Requests answered, by route pattern and status; 499: the caller went away.",
    labelNames: ["lane", "method", "route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "keyturn_request_duration_seconds",
    help: "Time from a request's arrival to its answer, by lane.",
    labelNames: ["lane"],
    buckets: LATENCY_BUCKETS_SECONDS,
    registers,
  });
  const refreshes = new Counter({
    name: "keyturn_refreshes_total",
    help: "Refresh tokens presented: rotated, retried (the same pair again), reused (a copy came back).",
    labelNames: ["outcome"],
    registers,
  });
  for (const outcome of ["rotated", "retried", "reused"]) refreshes.inc({ outcome }, 0);
  const showMeasured = measuredNumbers(registry);
  return {
    requestAnswered({ lane, method, route, status, milliseconds }) {
      requests.inc({ lane, method, route, status });
      durations.observe({ lane }, milliseconds / 1000);
    },
    refreshAnswered: (outcome) => refreshes.inc({ outcome }),
    async snapshot(measured) {
      showMeasured(measured);
      return registry.getMetricsAsJSON();
    },
  };
}

/** The numbers of several processes as one text in Prometheus' format. Of one process nothing is left out. */
export function metricsText(snapshots: MetricsSnapshot[]): Promise<string> {
  const [only, ...more] = snapshots;
  const told =
    only && more.length === 0 ? [only.map((metric) => ({ ...metric, aggregator: "first" }))] : snapshots;
  return AggregatorRegistry.aggregate(told).metrics();
}

/** What is set when somebody looks. A queue is one for all processes, everything else adds up. */
function measuredNumbers(registry: Registry): (measured: Measured) => void {
  const registers = [registry];
  const gauge = (name: string, help: string, aggregator: "sum" | "max" = "sum") =>
    new Gauge({ name: `keyturn_${name}`, help, aggregator, registers });
  const counter = (name: string, help: string) =>
    new Counter({ name: `keyturn_${name}_total`, help, registers });
  const hashing = gauge("passwords_hashing", "Passwords being hashed.");
  const hashingWaiting = gauge("passwords_waiting", "Passwords that wait to be hashed.");
  const hashingRefused = counter("passwords_refused", "Passwords refused because too many waited.");
  const poolSize = gauge("database_pool_size", "Connections to the database at most.");
  const poolInUse = gauge("database_pool_in_use", "Connections in use.");
  const poolWaiting = gauge(
    "database_pool_waiting",
    "Statements and transactions that wait for a connection.",
  );
  const poolRefused = counter("database_pool_refused", "Those that waited in vain.");
  const outboxWaiting = gauge("outbox_waiting", "Mails that wait to be sent.", "max");
  const outboxAge = gauge("outbox_oldest_age_seconds", "Age of the mail that has waited longest.", "max");
  const deliveriesWaiting = gauge(
    "deliveries_waiting",
    "Messages to applications that wait to be sent.",
    "max",
  );
  const deliveriesAge = gauge(
    "deliveries_oldest_age_seconds",
    "Age of the message to an application that has waited longest.",
    "max",
  );
  return ({ passwords, pool, outbox, deliveries }) => {
    hashing.set(passwords.hashing);
    hashingWaiting.set(passwords.waiting);
    raise(hashingRefused, passwords.refused);
    poolSize.set(pool.size);
    poolInUse.set(pool.inUse);
    poolWaiting.set(pool.waiting);
    raise(poolRefused, pool.refused);
    tell(outboxWaiting, outbox?.waiting);
    tell(outboxAge, outbox?.oldestAgeSeconds);
    tell(deliveriesWaiting, deliveries?.waiting);
    tell(deliveriesAge, deliveries?.oldestAgeSeconds);
  };
}

function raise(counter: Counter, to: number): void {
  counter.reset();
  counter.inc(to);
}

/** What is not known is not told. */
function tell(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}
