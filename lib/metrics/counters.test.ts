import { describe, expect, it } from "vitest";
import { createMetrics, type Measured, metricsText, noMetrics } from "./counters.ts";

const idle: Measured = {
  passwords: { hashing: 0, waiting: 0, refused: 3 },
  pool: { size: 10, inUse: 2, waiting: 0, refused: 1 },
  outbox: { waiting: 4, oldestAgeSeconds: 12.5 },
  deliveries: { waiting: 2, oldestAgeSeconds: 1.5 },
};

/** A snapshot as another process gets it. */
async function travelled(measured: Measured) {
  const metrics = createMetrics();
  metrics.refreshAnswered("rotated");
  return JSON.parse(JSON.stringify(await metrics.snapshot(measured)));
}

describe("metrics of several processes", () => {
  it("add up, but the one outbox they share is not counted twice", async () => {
    const text = await metricsText([await travelled(idle), await travelled(idle)]);
    expect(text).toMatch(/^keyturn_refreshes_total\{outcome="rotated"\} 2$/m);
    expect(text).toMatch(/^keyturn_database_pool_in_use 4$/m);
    expect(text).toMatch(/^keyturn_passwords_refused_total 6$/m);
    expect(text).toMatch(/^keyturn_outbox_waiting 4$/m);
    expect(text).toMatch(/^keyturn_deliveries_waiting 2$/m);
    expect(text).toMatch(/^keyturn_outbox_oldest_age_seconds 12.5$/m);
  });
});

describe("metrics while the database is away", () => {
  it("leave out what is not known, and tell it again afterwards", async () => {
    const metrics = createMetrics();
    const text = async (measured: Measured) => metricsText([await metrics.snapshot(measured)]);
    expect(await text(idle)).toMatch(/^keyturn_outbox_waiting 4$/m);
    const away = await text({ ...idle, outbox: null, deliveries: null });
    expect(away).not.toMatch(/^keyturn_(outbox|deliveries)_\w+ /m);
    expect(away).toMatch(/^keyturn_database_pool_refused_total 1$/m);
    expect(await text(idle)).toMatch(/^keyturn_outbox_waiting 4$/m);
  });
});

describe("metrics that nobody may read", () => {
  it("are not gathered", async () => {
    noMetrics.refreshAnswered("rotated");
    expect(await noMetrics.snapshot(idle)).toEqual([]);
  });
});
