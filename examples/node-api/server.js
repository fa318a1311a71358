import { createServer } from "node:http";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const {
  KEYTURN_URL = "http://localhost:3000",
  FRONT_END = "http://localhost:5173",
  PORT = "8000",
} = process.env;

const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", KEYTURN_URL));

/** Whose access token this is; null for anything else, an ID token or a refresh token too. */
async function whoIsCalling(authorization) {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
  if (!token) return null;
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["ES256"],
      issuer: KEYTURN_URL,
      requiredClaims: ["exp", "sub", "sid"],
    });
    return payload.token_type === "access" ? payload.sub : null;
  } catch (fault) {
    if (fault instanceof errors.JOSEError && !(fault instanceof errors.JWKSTimeout)) return null;
    throw fault;
  }
}

const server = createServer(async (request, response) => {
  const answer = (status, body, headers = {}) => {
    response.writeHead(status, {
      "Access-Control-Allow-Origin": FRONT_END,
      "Content-Type": "application/json",
      ...headers,
    });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
  try {
    if (request.method === "OPTIONS")
      return answer(204, undefined, { "Access-Control-Allow-Headers": "Authorization" });
    const person = await whoIsCalling(request.headers.authorization);
    if (!person) return answer(401, { error: "Log in first." }, { "WWW-Authenticate": "Bearer" });
    if (request.url !== "/orders") return answer(404, { error: "There is nothing here." });
    return answer(200, { person, orders: ["one teapot"] });
  } catch (fault) {
    console.error(fault);
    return answer(503, { error: "Keyturn's keys could not be read." });
  }
});
server.listen(Number(PORT), "localhost", () => console.log(`The API is at http://localhost:${PORT}`));
