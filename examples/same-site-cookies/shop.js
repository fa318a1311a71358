import { KEYTURN_URL } from "./settings.js";

/** Calls Keyturn with this browser's cookies, which no script can read. */
function call(path, method = "GET") {
  return fetch(`${KEYTURN_URL}${path}`, {
    method,
    credentials: "include",
    headers: { "X-Token-Delivery": "cookie" },
  });
}

/** Who is logged in, after a refresh where the access cookie has run out; null for nobody. */
async function whoIsHere() {
  let answer = await call("/api/me");
  if (answer.status === 401) {
    await navigator.locks.request("refresh", () => call("/api/token/refresh", "POST"));
    answer = await call("/api/me");
  }
  return answer.ok ? answer.json() : null;
}

async function show() {
  const person = await whoIsHere();
  const [greeting, logIn, logOut] = ["greeting", "log-in", "log-out"].map((id) =>
    document.getElementById(id),
  );
  greeting.textContent = person ? `Hello, ${person.email}.` : "You are not logged in.";
  logIn.href = `${KEYTURN_URL}/login?next=${encodeURIComponent(location.href)}`;
  logIn.hidden = person !== null;
  logOut.hidden = person === null;
  logOut.onclick = () => call("/api/logout", "POST").then(show);
}

await show();
