import { client } from "./made/hey-api/client.gen.ts";
import { listSessions, logIn, logOutToken, refreshSession, showAccount } from "./made/hey-api/sdk.gen.ts";

const [baseUrl = "", email = "", password = ""] = process.argv.slice(2);
client.setConfig({ baseUrl });

const { data: tokens, error } = await logIn({ body: { email, password } });
if (!tokens) throw new Error(error && "detail" in error ? error.detail : error?.email?.join(" "));
client.setConfig({ auth: () => tokens.access });
const me = await showAccount();
const sessions = await listSessions({ query: { limit: 10 } });
const refreshed = await refreshSession({ body: { refresh: tokens.refresh } });
await logOutToken({ body: { all: true } });
console.log([me.data?.email, sessions.data?.results.length, typeof refreshed.data?.refresh].join(" "));
