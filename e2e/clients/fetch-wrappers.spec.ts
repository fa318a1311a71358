import { QueryClient } from "@tanstack/query-core";
import ky from "ky";
import { ofetch } from "ofetch";
import wretch from "wretch";
import { expect, test } from "../fixtures.ts";
import { expectLoggedIn, expired, fiveAtOnce, type Kept } from "./expired.ts";

test("ky with a hook after the answer: a call gets through, and the session goes on", async ({ server }) => {
  const kept = await expired(server);
  const api = ky.create({
    prefixUrl: server.origin,
    hooks: {
      beforeRequest: [(request) => request.headers.set("Authorization", `Bearer ${kept.access}`)],
      afterResponse: [
        async (request, _options, response) => {
          if (response.status !== 401) return;
          const json = { refresh: kept.refresh };
          Object.assign(kept, await ky.post(`${server.origin}/api/token/refresh`, { json }).json<Kept>());
          request.headers.set("Authorization", `Bearer ${kept.access}`);
          return ky(request);
        },
      ],
    },
  });
  expect(await fiveAtOnce(() => api.get("api/me").json())).toBeGreaterThanOrEqual(1);
  await expectLoggedIn(server, kept);
});

test("ofetch with onResponseError and a retry: a call gets through, and the session goes on", async ({
  server,
}) => {
  const kept = await expired(server);
  const api = ofetch.create({
    baseURL: server.origin,
    retry: 1,
    retryStatusCodes: [401],
    onRequest({ options }) {
      options.headers.set("Authorization", `Bearer ${kept.access}`);
    },
    async onResponseError({ response }) {
      if (response.status !== 401) return;
      const body = { refresh: kept.refresh };
      Object.assign(kept, await ofetch(`${server.origin}/api/token/refresh`, { method: "POST", body }));
    },
  });
  expect(await fiveAtOnce(() => api("/api/me"))).toBeGreaterThanOrEqual(1);
  await expectLoggedIn(server, kept);
});

test("wretch with a catcher for 401: a call gets through, and the session goes on", async ({ server }) => {
  const kept = await expired(server);
  const api = wretch(server.origin);
  const me = () =>
    api
      .auth(`Bearer ${kept.access}`)
      .get("/api/me")
      .unauthorized(async (_error, request) => {
        Object.assign(kept, await api.url("/api/token/refresh").post({ refresh: kept.refresh }).json());
        return request.auth(`Bearer ${kept.access}`).fetch().json();
      })
      .json();
  expect(await fiveAtOnce(me)).toBeGreaterThanOrEqual(1);
  await expectLoggedIn(server, kept);
});

test("TanStack Query, each query refreshing for itself: one gets through, and the session goes on", async ({
  server,
}) => {
  const kept = await expired(server);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const ask = () => fetch(`${server.origin}/api/me`, { headers: { Authorization: `Bearer ${kept.access}` } });
  async function queryFn() {
    const answer = await ask();
    if (answer.status !== 401) return answer.json();
    const refreshed = await fetch(`${server.origin}/api/token/refresh`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refresh: kept.refresh }),
    });
    if (!refreshed.ok) throw new Error("not refreshed");
    Object.assign(kept, await refreshed.json());
    return (await ask()).json();
  }
  let key = 0;
  const query = () => {
    key += 1;
    return client.fetchQuery({ queryKey: ["me", key], queryFn });
  };
  expect(await fiveAtOnce(query)).toBeGreaterThanOrEqual(1);
  await expectLoggedIn(server, kept);
});
