import { describe, expect, it } from "vitest";
import { settingsFrom } from "@/lib/testing/world.ts";
import { checkCookies, checkCors, checkProxies } from "./check-deployment.ts";

const deployed = (more: Record<string, string> = {}) =>
  settingsFrom({
    APP_URL: "https://login.example.com",
    SECRET_KEY: "kJ8x".repeat(12),
    MAIL_TRANSPORT: "resend",
    RESEND_API_KEY: "re_1",
    MAIL_FROM: "login@example.com",
    ...more,
  });

describe("proxies", () => {
  it("must be counted on a deployment, which can't do without one", () => {
    expect(checkProxies(deployed())).toMatchObject({
      ok: false,
      detail: expect.stringContaining("TRUSTED_PROXIES is 0"),
    });
    expect(checkProxies(deployed({ TRUSTED_PROXIES: "2" }))).toEqual({
      ok: true,
      detail: "The last 2 entries of X-Forwarded-For must be from proxies of yours.",
    });
  });

  it("are none on one's own machine", () => {
    expect(checkProxies(settingsFrom())).toMatchObject({ ok: true });
    expect(checkProxies(settingsFrom({ TRUSTED_PROXIES: "1" })).detail).toContain("claim any address");
  });
});

describe("cookies", () => {
  it("are bound to the host with https, and not to plain http", () => {
    expect(checkCookies(deployed()).detail).toBe(
      "__Host-keyturn_refresh is Secure, HttpOnly, SameSite=Lax, Path=/.",
    );
    expect(checkCookies(settingsFrom()).detail).toBe("keyturn_refresh is HttpOnly, SameSite=Lax, Path=/.");
  });

  it.each([
    "https://app.example.com",
    "https://example.com",
    "https://a.b.example.com:8443",
    "https://x.login.example.com",
  ])("reach a front end at %s", (origin) => {
    expect(checkCookies(deployed({ CORS_ORIGINS: origin })).detail).not.toContain("another site");
  });

  it.each([
    "https://shop.example.net",
    "https://notexample.com",
    "http://app.example.com",
    "https://com",
  ])("don't reach a front end at %s, and the operator is told so", (origin) => {
    expect(checkCookies(deployed({ CORS_ORIGINS: origin }))).toEqual({
      ok: true,
      detail: expect.stringContaining(`Not for ${origin}: It is on another site`),
    });
  });
});

describe("CORS", () => {
  it("is fine with none, and with https front ends", () => {
    expect(checkCors(deployed())).toEqual({ ok: true, detail: "No other origin may read answers." });
    expect(checkCors(deployed({ CORS_ORIGINS: "https://app.example.com" })).ok).toBe(true);
    expect(checkCors(settingsFrom({ CORS_ORIGINS: "http://localhost:5173" })).ok).toBe(true);
  });

  it.each([
    ["http://app.example.com", "without https"],
    ["http://localhost:5173", "any program"],
    ["https://login.example.com", "APP_URL itself"],
  ])("is a fault on a deployment with %s", (origin, why) => {
    expect(checkCors(deployed({ CORS_ORIGINS: `https://app.example.com,${origin}` }))).toEqual({
      ok: false,
      detail: expect.stringContaining(why),
    });
  });
});
