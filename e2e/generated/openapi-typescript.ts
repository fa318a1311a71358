import createClient from "openapi-fetch";
import type { paths } from "./made/openapi-typescript.ts";

const [baseUrl = "", email = "", password = ""] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl });

const { data: tokens, error } = await client.POST("/api/token", { body: { email, password } });
if (!tokens) throw new Error("detail" in error ? error.detail : (error.email ?? error.password)?.join(" "));
const headers = { authorization: `Bearer ${tokens.access}` };
const me = await client.GET("/api/me", { headers });
const sessions = await client.GET("/api/sessions", { headers, params: { query: { limit: 10 } } });
const refreshed = await client.POST("/api/token/refresh", { body: { refresh: tokens.refresh } });
await client.POST("/logout_token", { headers, body: { all: true } });
console.log([me.data?.email, sessions.data?.results.length, typeof refreshed.data?.refresh].join(" "));
