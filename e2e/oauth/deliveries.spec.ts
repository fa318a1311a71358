import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { addTo, browserOf, tokensFor } from "../kit/applications.ts";
import { send } from "../kit/http.ts";
import { claimsOf, logIn, makePerson } from "../kit/people.ts";
import { startServer } from "../kit/server.ts";
import { originOf } from "../pages/fixtures.ts";
import { ownOrigin } from "../pages/own-origin.ts";
import { expect, test } from "./fixtures.ts";

type Got = { path: string; headers: IncomingHttpHeaders; body: string };

/** A service that takes whatever it is told. */
async function startReceiver() {
  const got: Got[] = [];
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    got.push({ path: incoming.url ?? "", headers: incoming.headers, body });
    outgoing.writeHead(204).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const to = (path: string) => got.filter((each) => each.path === path);
  return { to, at: (path: string) => `http://127.0.0.1:${port}${path}`, stop: () => void server.close() };
}

test("an application is told of a log-out by a token that it can verify, and of what happens by signed messages", async () => {
  const receiver = await startReceiver();
  const keyturn = await startServer({ ...(await ownOrigin()), ALLOW_PRIVATE_TARGETS: "on" });
  const shop = await addTo(keyturn, {
    backchannel_address: receiver.at("/log-out"),
    webhook_address: receiver.at("/webhook"),
  });
  const person = await makePerson(keyturn);
  const browser = await browserOf(keyturn, person);
  const { access_token } = await tokensFor(keyturn, browser, shop);
  await send(keyturn, "POST /api/logout", { headers: { cookie: browser, origin: originOf(keyturn) } });

  await expect.poll(() => receiver.to("/log-out")).toHaveLength(1);
  const [told] = receiver.to("/log-out");
  const { payload } = await jwtVerify(
    new URLSearchParams(told?.body).get("logout_token") ?? "",
    createRemoteJWKSet(new URL("/.well-known/jwks.json", originOf(keyturn))),
    { issuer: originOf(keyturn), audience: shop.client_id, typ: "logout+jwt", algorithms: ["ES256"] },
  );
  const { sub, sid } = claimsOf(access_token);
  expect(payload).toMatchObject({ sub, sid });
  expect(payload).not.toHaveProperty("nonce");

  const ended = () => receiver.to("/webhook").filter(({ body }) => JSON.parse(body).type === "session.ended");
  await expect.poll(ended).toHaveLength(2);
  for (const { headers, body } of receiver.to("/webhook")) {
    const key = Buffer.from(shop.webhook_secret?.replace("whsec_", "") ?? "", "base64");
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    expect(headers["webhook-signature"]).toBe(
      `v1,${createHmac("sha256", key).update(signed).digest("base64")}`,
    );
    expect(JSON.parse(body).data.user).toMatchObject({ id: person.id, email: person.email });
  }
  await keyturn.stop();
  receiver.stop();
});

test("nothing is sent to this machine unless the operator allows it, and an admin sees why", async ({
  site,
}) => {
  const receiver = await startReceiver();
  const shop = await addTo(site, { webhook_address: receiver.at("/webhook") });
  const { access } = await logIn(site, await makePerson(site, { role: "admin" }));
  const left = async () => {
    const path = `GET /api/admin/applications/${shop.client_id}/deliveries`;
    const { results } = (await send(site, path, { bearer: access })).body as {
      results: { last_answer: string | null }[];
    };
    return results.map(({ last_answer: answer }) => answer);
  };
  await expect.poll(left).toContain("its address is not a public one");
  expect(receiver.to("/webhook")).toEqual([]);
  await send(site, `DELETE /api/admin/applications/${shop.client_id}`, { bearer: access });
  receiver.stop();
});
