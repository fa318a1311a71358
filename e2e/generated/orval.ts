import { listSessions, logIn, logOutToken, refreshSession, showAccount } from "./made/orval.ts";

const [, email = "", password = ""] = process.argv.slice(2);

const answer = await logIn({ email, password });
if (answer.status !== 200)
  throw new Error("detail" in answer.data ? answer.data.detail : answer.data.email?.join(" "));
const headers = { authorization: `Bearer ${answer.data.access}` };
const me = await showAccount({ headers });
const sessions = await listSessions({ limit: 10 }, { headers });
const refreshed = await refreshSession({ refresh: answer.data.refresh });
await logOutToken({ all: true }, { headers });
if (me.status !== 200 || sessions.status !== 200 || refreshed.status !== 200) throw new Error("refused");
console.log([me.data.email, sessions.data.results.length, typeof refreshed.data.refresh].join(" "));
