import { expect, it } from "vitest";
import { ownAddress } from "./own-address.ts";

const local = { APP_URL: "http://localhost:3000", TRUSTED_PROXIES: 0, local: true };
const deployed = { APP_URL: "https://login.example.com", TRUSTED_PROXIES: 1, local: false };
const opened = (headers: Record<string, string>, settings = local) =>
  ownAddress(new Headers({ "sec-fetch-mode": "navigate", ...headers }), "/login?next=/account", settings);

it.each(["127.0.0.1:3000", "[::1]:3000"])("leads %s to the one local name", (host) => {
  expect(opened({ host })).toBe("http://localhost:3000/login?next=/account");
});

it.each([
  "localhost:3000",
  "127.0.0.1:8080",
  "LOCALHOST:3000",
  "",
  "evil.example",
  "a b",
])("leaves a local page at %j", (host) => {
  expect(opened({ host })).toBeNull();
});

it("leads an alias that the proxy let through to the deployment's name, and nowhere else", () => {
  const asked = { "x-forwarded-host": "www.example.com", host: "keyturn:3000" };
  expect(opened(asked, deployed)).toBe("https://login.example.com/login?next=/account");
  expect(opened({ "x-forwarded-host": "login.example.com", host: "keyturn:3000" }, deployed)).toBeNull();
});

it("believes no header where no proxy is trusted, and goes round in no circle behind one that rewrites Host", () => {
  expect(opened({ "x-forwarded-host": "evil.example" }, { ...deployed, TRUSTED_PROXIES: 0 })).toBeNull();
  expect(opened({ host: "keyturn:3000" }, deployed)).toBeNull();
});

it("leaves alone what is no browser that goes to a page", () => {
  expect(opened({ host: "127.0.0.1:3000", "sec-fetch-mode": "cors" })).toBeNull();
  expect(ownAddress(new Headers({ host: "127.0.0.1:3000" }), "/login", local)).toBeNull();
});
