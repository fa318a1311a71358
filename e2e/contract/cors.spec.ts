import { expect, FRONT_END, test } from "../fixtures.ts";
import { expectAnswer } from "../kit/expect-answer.ts";
import { send } from "../kit/http.ts";

const LOOK_ALIKES = [
  "https://app.example.com.evil.example",
  "https://app.example.como",
  "https://evil-app.example.com",
  "http://app.example.com",
  "https://app.example.com:8443",
  "https://admin.example.com",
  "https://APP.example.com",
  "https://app.example.com/",
  `${FRONT_END},${FRONT_END}`,
  "null",
  "*",
  "",
];

test("a front end that the settings name may read answers, with credentials", async ({ server }) => {
  for (const origin of [FRONT_END, "https://admin.example.com:8443"]) {
    for (const call of [
      "GET /api/health",
      "GET /api/me",
      "POST /api/token",
      "GET /api/nope",
      "PUT /api/me",
    ]) {
      const { headers } = await send(server, call, { headers: { origin } });
      expect(headers).toMatchObject({
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        vary: "Origin",
      });
      expect(headers["access-control-expose-headers"]).toMatch(/X-Request-Id.*Retry-After/);
    }
  }
});

test("its preflight names the methods and headers it may use", async ({ server }) => {
  const answer = await send(server, "OPTIONS /api/token/refresh", {
    headers: { origin: FRONT_END, "access-control-request-method": "POST" },
  });
  expectAnswer(answer, 204, undefined);
  expect(answer.headers).toMatchObject({
    "access-control-allow-origin": FRONT_END,
    "access-control-allow-methods": "POST, OPTIONS",
    vary: "Origin",
  });
  for (const name of ["Authorization", "Content-Type", "Idempotency-Key", "X-Token-Delivery"]) {
    expect(answer.headers["access-control-allow-headers"]).toContain(name);
  }
});

for (const origin of LOOK_ALIKES) {
  test(`a page from ${JSON.stringify(origin)} may read nothing`, async ({ server }) => {
    for (const call of ["GET /api/health", "OPTIONS /api/token", "POST /api/token"]) {
      const { headers } = await send(server, call, { headers: { origin } });
      expect(headers).not.toHaveProperty("access-control-allow-origin");
      expect(headers).not.toHaveProperty("access-control-allow-credentials");
      expect(headers.vary).toBe("Origin");
    }
  });
}
