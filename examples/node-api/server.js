import { createServer } from "node:http";
import { createVerifier } from "@keyturn/verify";

const {
  KEYTURN_URL = "http://localhost:3000",
  FRONT_END = "http://localhost:5173",
  PORT = "8000",
  CLIENT_ID,
  CLIENT_SECRET,
} = process.env;

// With the credentials of a confidential application, people who log out are refused at once.
const revocations = CLIENT_ID && {
  url: KEYTURN_URL,
  id: CLIENT_ID,
  secret: CLIENT_SECRET,
  whenStale: "refuse",
};
const verifier = createVerifier({
  issuer: KEYTURN_URL,
  keys: new URL("/.well-known/jwks.json", KEYTURN_URL),
  ...(revocations && { revocations }),
});
await verifier.ready();

const server = createServer((request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };
  response.setHeader("Access-Control-Allow-Origin", FRONT_END);
  if (request.method === "OPTIONS") {
    response.writeHead(204, { "Access-Control-Allow-Headers": "Authorization" }).end();
    return;
  }
  verifier.express(request, response, (fault) => {
    if (fault) return answer(500, { error: "Something went wrong here." });
    if (request.url !== "/orders") return answer(404, { error: "There is nothing here." });
    return answer(200, { person: request.auth.sub, orders: ["one teapot"] });
  });
});
server.listen(Number(PORT), "localhost", () => console.log(`The API is at http://localhost:${PORT}`));
