import { describe, expect, it } from "vitest";
import { auditEventTypes } from "./audit-events.ts";
import type { EndReason } from "./errors.ts";
import { eventSentence } from "./event-sentence.ts";

const UNKNOWN = "Something happened that this page has no words for";
const told = (type: string, data: Parameters<typeof eventSentence>[0]["data"] = {}, device = {}) =>
  eventSentence({ type, data, browser: null, os: null, ...device });

describe("a sentence for each event", () => {
  it.each(auditEventTypes)("%s", (type) => {
    const sentence = told(type);
    expect(sentence).not.toBe(UNKNOWN);
    expect(sentence).toMatch(/^[A-Z][^_{}]+[^.]$/);
    expect(sentence).not.toMatch(/undefined|null/);
  });

  it.each([
    "toString",
    "__proto__",
    "constructor",
    "login.by_carrier_pigeon",
    "",
  ])("none for %j, which this version doesn't know", (type) => {
    expect(told(type)).toBe(UNKNOWN);
  });
});

describe("what a sentence tells", () => {
  it.each([
    ["login.succeeded", { amr: "pwd" }, "Logged in with password"],
    ["login.succeeded", { amr: "pwd otp" }, "Logged in with password and e-mail code"],
    ["login.succeeded", { amr: "hwk" }, "Logged in with hwk"],
    ["two_factor.changed", { email: true }, "Two-step log-in by e-mail was turned on"],
    ["two_factor.changed", { email: false }, "Two-step log-in by e-mail was turned off"],
    ["user.role_changed", { role: "admin" }, "You were made an administrator"],
    ["user.role_changed", { role: "user" }, "You are no administrator any more"],
    ["session.revoked", { reason: "toString" }, "A device was logged out"],
  ])("%s %j", (type, data, sentence) => {
    expect(told(type, data)).toBe(sentence);
  });

  it("the device, as far as it is known", () => {
    const login = (device: object) => told("login.succeeded", { amr: "pwd otp" }, device);
    expect(login({ browser: "Firefox", os: "Linux" })).toBe(
      "Logged in with password and e-mail code from Firefox on Linux",
    );
    expect(login({ browser: "Firefox" })).toBe("Logged in with password and e-mail code from Firefox");
  });

  it("a sentence of its own for each reason why a device was logged out", () => {
    const reasons: EndReason[] = [
      "logged_out",
      "logged_out_everywhere",
      "revoked_by_owner",
      "revoked_by_admin",
      "password_changed",
      "account_deactivated",
      "token_reused",
      "replaced",
    ];
    expect(new Set(reasons.map((reason) => told("session.revoked", { reason }))).size).toBe(reasons.length);
  });
});
