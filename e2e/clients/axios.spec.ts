import axios, { type AxiosError, type InternalAxiosRequestConfig } from "axios";
import { createAuthRefresh } from "axios-auth-refresh";
import { expect, test } from "../fixtures.ts";
import { expectLoggedIn, expired, fiveAtOnce, type Kept } from "./expired.ts";

type Config = InternalAxiosRequestConfig & { retried?: boolean };

function createApi(baseURL: string, kept: Kept) {
  const api = axios.create({ baseURL });
  api.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${kept.access}`;
    return config;
  });
  const refresh = async () => {
    const { data } = await axios.post(`${baseURL}/api/token/refresh`, { refresh: kept.refresh });
    Object.assign(kept, data);
  };
  return { api, refresh };
}

test("axios with the short interceptor: a call gets through, and the session goes on", async ({ server }) => {
  const kept = await expired(server);
  const { api, refresh } = createApi(server.origin, kept);
  api.interceptors.response.use(undefined, async (error: AxiosError) => {
    const config = error.config as Config;
    if (error.response?.status !== 401 || config.retried) throw error;
    config.retried = true;
    await refresh();
    return api(config);
  });
  expect(await fiveAtOnce(() => api.get("/api/me"))).toBeGreaterThanOrEqual(1);
  await expectLoggedIn(server, kept);
});

test("axios with a queue: every call gets through", async ({ server }) => {
  const kept = await expired(server);
  const { api, refresh } = createApi(server.origin, kept);
  let refreshing = false;
  let waiting: ((error?: unknown) => void)[] = [];
  api.interceptors.response.use(undefined, async (error: AxiosError) => {
    const config = error.config as Config;
    if (error.response?.status !== 401 || config.retried) throw error;
    config.retried = true;
    if (refreshing) {
      await new Promise<void>((resolve, reject) => {
        waiting.push((fault) => (fault ? reject(fault) : resolve()));
      });
      return api(config);
    }
    refreshing = true;
    try {
      await refresh();
      for (const go of waiting) go();
    } catch (fault) {
      for (const stop of waiting) stop(fault);
      throw fault;
    } finally {
      waiting = [];
      refreshing = false;
    }
    return api(config);
  });
  expect(await fiveAtOnce(() => api.get("/api/me"))).toBe(5);
  await expectLoggedIn(server, kept);
});

for (const deduplicateRefresh of [true, false]) {
  test(`axios-auth-refresh, deduplicateRefresh ${deduplicateRefresh}: the session goes on`, async ({
    server,
  }) => {
    const kept = await expired(server);
    const { api, refresh } = createApi(server.origin, kept);
    createAuthRefresh(api, refresh, { deduplicateRefresh });
    expect(await fiveAtOnce(() => api.get("/api/me"))).toBeGreaterThanOrEqual(1);
    await expectLoggedIn(server, kept);
  });
}
