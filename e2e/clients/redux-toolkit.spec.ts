import { configureStore } from "@reduxjs/toolkit";
import { type BaseQueryFn, createApi, type FetchArgs, fetchBaseQuery } from "@reduxjs/toolkit/query";
import { Mutex } from "async-mutex";
import { expect, test } from "../fixtures.ts";
import { expectLoggedIn, expired, fiveAtOnce, type Kept } from "./expired.ts";

type Query = BaseQueryFn<string | FetchArgs, unknown, unknown>;

function bearing(origin: string, kept: Kept) {
  return fetchBaseQuery({
    baseUrl: origin,
    prepareHeaders: (headers) => headers.set("Authorization", `Bearer ${kept.access}`),
  });
}

/** Re-authorization by extending `fetchBaseQuery`, in the documentation's first form. */
function reauthorizing(origin: string, kept: Kept): Query {
  const baseQuery = bearing(origin, kept);
  return async (args, api, extra) => {
    const result = await baseQuery(args, api, extra);
    if (result.error?.status !== 401) return result;
    const body = { refresh: kept.refresh };
    const refreshed = await baseQuery({ url: "/api/token/refresh", method: "POST", body }, api, extra);
    if (!refreshed.data) return result;
    Object.assign(kept, refreshed.data);
    return baseQuery(args, api, extra);
  };
}

/** Its second form: while one call refreshes, the others wait. */
function withMutex(origin: string, kept: Kept): Query {
  const mutex = new Mutex();
  const baseQuery = bearing(origin, kept);
  return async (args, api, extra) => {
    await mutex.waitForUnlock();
    const result = await baseQuery(args, api, extra);
    if (result.error?.status !== 401) return result;
    if (mutex.isLocked()) {
      await mutex.waitForUnlock();
      return baseQuery(args, api, extra);
    }
    const release = await mutex.acquire();
    try {
      const body = { refresh: kept.refresh };
      const refreshed = await baseQuery({ url: "/api/token/refresh", method: "POST", body }, api, extra);
      if (!refreshed.data) return result;
      Object.assign(kept, refreshed.data);
      return await baseQuery(args, api, extra);
    } finally {
      release();
    }
  };
}

/** Asks for `/api/me` as a component would, each time for itself. */
function asking(baseQuery: Query) {
  const api = createApi({
    baseQuery,
    endpoints: (build) => ({ me: build.query<unknown, number>({ query: () => "/api/me" }) }),
  });
  const store = configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (usual) => usual().concat(api.middleware),
  });
  let asked = 0;
  return () => {
    asked += 1;
    return store.dispatch(api.endpoints.me.initiate(asked)).unwrap();
  };
}

test("RTK Query in its first form: a call gets through, and the session goes on", async ({ server }) => {
  const kept = await expired(server);
  expect(await fiveAtOnce(asking(reauthorizing(server.origin, kept)))).toBeGreaterThanOrEqual(1);
  await expectLoggedIn(server, kept);
});

test("RTK Query with a mutex: every call gets through", async ({ server }) => {
  const kept = await expired(server);
  expect(await fiveAtOnce(asking(withMutex(server.origin, kept)))).toBe(5);
  await expectLoggedIn(server, kept);
});
