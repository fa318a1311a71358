import { randomToken } from "@/lib/base/crypto.ts";
import { expect, test } from "../fixtures.ts";
import { expectAnswer } from "../kit/expect-answer.ts";
import { type Answer, send } from "../kit/http.ts";
import { enter, refresh } from "../kit/people.ts";

const METRICS_TOKEN = "a-token-that-only-the-scraper-knows";
const NOT_FOUND = { detail: "Not found.", code: "not_found" };
const NOT_AUTHENTICATED = {
  detail: "Authentication credentials were not provided.",
  code: "not_authenticated",
};

/** The samples of a scrape, by name and labels in the order of their names. */
async function scrape(server: { origin: string }): Promise<Map<string, number>> {
  const answer = await send(server, "GET /api/metrics", { bearer: METRICS_TOKEN });
  expect(answer.status).toBe(200);
  const lines = answer.text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => readSample(line)));
}

function readSample(line: string): [string, number] {
  const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const sorted = (labels.match(/\w+="[^"]*"/g) ?? []).sort().join(",");
  return [`${name}{${sorted}}`, Number(value)];
}

test("without METRICS_TOKEN there are no metrics", async ({ server }) => {
  expectAnswer(await send(server, "GET /api/metrics"), 404, NOT_FOUND);
  expectAnswer(await send(server, "GET /api/metrics", { bearer: METRICS_TOKEN }), 404, NOT_FOUND);
});

test("only METRICS_TOKEN opens the metrics, and nobody's log-in does", async ({ startServer }) => {
  const server = await startServer({ METRICS_TOKEN, AUTH_HEADER_TYPES: "JWT" });
  const { access } = await enter(server);
  const attempts: (string | undefined)[] = [undefined, access, METRICS_TOKEN.slice(1), `${METRICS_TOKEN}x`];
  for (const bearer of attempts) {
    const answer = await send(server, "GET /api/metrics", bearer === undefined ? {} : { bearer });
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 401, body: NOT_AUTHENTICATED });
  }
  const byQuery = await send(server, `GET /api/metrics?token=${METRICS_TOKEN}`);
  expect(byQuery.status).toBe(401);
  const answer: Answer = await send(server, "GET /api/metrics", { bearer: METRICS_TOKEN });
  expect(answer.status).toBe(200);
  expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.text).toMatch(/^process_cpu_seconds_total \d/m);
  expect(answer.text).toMatch(/^nodejs_eventloop_lag_seconds \d/m);
  expect(answer.text).toMatch(/^process_start_time_seconds \d/m);
});

test("what happened is counted by pattern and outcome, and no caller's word becomes a label", async ({
  startServer,
}) => {
  const server = await startServer({ METRICS_TOKEN });
  const person = await enter(server);
  const key = randomToken(24);
  const turn = (token: string) =>
    send(server, "POST /api/token/refresh", {
      json: { refresh: token },
      headers: { "idempotency-key": key },
    });
  await turn(person.refresh);
  await turn(person.refresh);
  const other = await enter(server);
  await refresh(server, other.refresh);
  const thief = { "user-agent": "a thief" };
  await send(server, "POST /api/token/refresh", { json: { refresh: other.refresh }, headers: thief });
  const wanted = `/api/sessions/${person.access.slice(0, 30)}?refresh=${person.refresh}`;
  await send(server, `DELETE ${wanted}`, { bearer: person.access });
  await send(server, `GET /login?next=${person.refresh}`);
  await send(server, `GET /${person.refresh}`);
  await send(server, `GET /api/${person.refresh}`);

  const samples = await scrape(server);
  const requests = (labels: string) => samples.get(`keyturn_requests_total{${labels}}`);
  expect(requests('lane="api",method="POST",route="/api/token",status="200"')).toBe(2);
  expect(requests('lane="api",method="POST",route="/api/token/refresh",status="200"')).toBe(3);
  expect(requests('lane="api",method="POST",route="/api/token/refresh",status="401"')).toBe(1);
  expect(requests('lane="api",method="DELETE",route="/api/sessions/[id]",status="404"')).toBe(1);
  expect(requests('lane="api",method="GET",route="/api/[[...path]]",status="404"')).toBe(1);
  expect(requests('lane="pages",method="GET",route="/login",status="200"')).toBe(1);
  expect(requests('lane="pages",method="GET",route="other",status="404"')).toBe(1);
  expect(samples.get('keyturn_request_duration_seconds_count{lane="api"}')).toBe(8);
  expect(samples.get('keyturn_request_duration_seconds_count{lane="pages"}')).toBe(2);
  expect(samples.get('keyturn_request_duration_seconds_bucket{lane="api",le="+Inf"}')).toBe(8);
  for (const [outcome, count] of Object.entries({ rotated: 2, retried: 1, reused: 1 })) {
    expect(samples.get(`keyturn_refreshes_total{outcome="${outcome}"}`)).toBe(count);
  }
  for (const [name, value] of Object.entries({
    passwords_hashing: 0,
    passwords_waiting: 0,
    passwords_refused_total: 0,
    database_pool_size: 10,
    database_pool_waiting: 0,
    database_pool_refused_total: 0,
  })) {
    expect(samples.get(`keyturn_${name}{}`), name).toBe(value);
  }
  expect([...samples.keys()].join("\n")).not.toContain("eyJ");
});

test("mail that can't leave shows in the outbox's depth and age", async ({ startServer }) => {
  const server = await startServer({
    METRICS_TOKEN,
    MAIL_TRANSPORT: "smtp",
    SMTP_URL: "smtp://127.0.0.1:1",
    MAIL_FROM: "login@example.com",
  });
  const { refresh: spent } = await enter(server);
  await refresh(server, spent);
  const thief = { "user-agent": "a thief" };
  await send(server, "POST /api/token/refresh", { json: { refresh: spent }, headers: thief });
  const samples = await scrape(server);
  expect(samples.get("keyturn_outbox_waiting{}")).toBeGreaterThanOrEqual(1);
  expect(samples.get("keyturn_outbox_oldest_age_seconds{}")).toBeGreaterThan(0);
});

test("of several processes whichever is asked tells the sum", async ({ startServer }) => {
  test.setTimeout(180_000);
  const server = await startServer({ METRICS_TOKEN, WEB_CONCURRENCY: "2" });
  const poolSize = async () => (await scrape(server)).get("keyturn_database_pool_size{}");
  await expect.poll(poolSize, { timeout: 120_000 }).toBe(20);
  const calls = Array.from({ length: 40 }, () =>
    send(server, "GET /api/health", { headers: { connection: "close" } }),
  );
  await Promise.all(calls);
  const health = 'keyturn_requests_total{lane="api",method="GET",route="/api/health",status="200"}';
  for (let asked = 0; asked < 6; asked += 1) {
    const samples = await scrape(server);
    expect(samples.get(health)).toBe(40);
    expect(samples.get("keyturn_database_pool_size{}")).toBe(20);
  }
});
