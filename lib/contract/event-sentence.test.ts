import { describe, expect, it } from "vitest";
import { auditEventTypes } from "./audit-events.ts";
import type { EndReason } from "./errors.ts";
import { type Ended, eventSentence } from "./event-sentence.ts";

const UNKNOWN = "Something happened that this page has no words for";
const SAFARI: Ended = { kind: "device", name: "Safari on iOS" };
const SHOP: Ended = { kind: "application", name: "My shop" };
const SOME_APPLICATION: Ended = { kind: "application", name: null };
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
    ["login.succeeded", { amr: "pwd email" }, "Logged in with password and e-mail code"],
    ["login.succeeded", { amr: "pwd otp mfa" }, "Logged in with password and authenticator app"],
    ["login.succeeded", { amr: "swk user mfa" }, "Logged in with passkey"],
    ["login.succeeded", { amr: "sms" }, "Logged in with sms"],
    ["two_factor.changed", { email: true }, "Two-step log-in by e-mail was turned on"],
    ["two_factor.changed", { email: false }, "Two-step log-in by e-mail was turned off"],
    ["user.role_changed", { role: "admin" }, "You were made an administrator"],
    ["user.role_changed", { role: "user" }, "You are no administrator any more"],
    ["session.revoked", { reason: "toString" }, "A device was logged out"],
  ])("%s %j", (type, data, sentence) => {
    expect(told(type, data)).toBe(sentence);
  });

  it("the device, as far as it is known", () => {
    const login = (device: object) => told("login.succeeded", { amr: "pwd email" }, device);
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

  it.each([
    ["revoked_by_owner", "You logged Safari on iOS out, from Firefox on macOS"],
    ["logged_out", "You logged out from Firefox on macOS"],
    [
      "logged_out_everywhere",
      "Safari on iOS was logged out, because you logged out everywhere, from Firefox on macOS",
    ],
    [
      "password_changed",
      "Safari on iOS was logged out, because the password was changed, from Firefox on macOS",
    ],
    ["no reason", "Safari on iOS was logged out, from Firefox on macOS"],
  ])("which device was logged out, and from which: %s", (reason, sentence) => {
    const event = { type: "session.revoked", data: { reason }, browser: "Firefox", os: "macOS" };
    expect(eventSentence(event, [SAFARI])).toBe(sentence);
  });

  it.each([
    ["revoked_by_owner", [SHOP], "You logged My shop out, from Firefox on macOS"],
    ["revoked_by_owner", [SHOP, SAFARI], "You logged Safari on iOS and My shop out, from Firefox on macOS"],
    [
      "revoked_by_owner",
      [SHOP, SAFARI, SHOP],
      "You logged Safari on iOS and 2 applications out, from Firefox on macOS",
    ],
    [
      "revoked_by_admin",
      [SOME_APPLICATION],
      "An administrator logged an application out, from Firefox on macOS",
    ],
    ["logged_out", [SHOP], "You logged out of My shop from Firefox on macOS"],
    ["logged_out", [SAFARI, SHOP], "You logged out from Firefox on macOS"],
    [
      "logged_out_everywhere",
      [SAFARI, SHOP, SAFARI],
      "2 devices and My shop were logged out, because you logged out everywhere, from Firefox on macOS",
    ],
    [
      "password_changed",
      [SOME_APPLICATION],
      "An application was logged out, because the password was changed, from Firefox on macOS",
    ],
    [
      "replaced",
      [SHOP],
      "My shop was logged out, because a newer log-in took its place, from Firefox on macOS",
    ],
  ] as const)("which application was logged out, alone or with its browser: %s %j", (reason, ended, sentence) => {
    const event = { type: "session.revoked", data: { reason }, browser: "Firefox", os: "macOS" };
    expect(eventSentence(event, [...ended])).toBe(sentence);
  });

  it("which application was opened, and where", () => {
    const opened = (data: object) =>
      told("application.opened", { ...data }, { browser: "Chrome", os: "macOS" });
    expect(opened({ application: "My shop" })).toBe("My shop was opened from Chrome on macOS");
    expect(opened({})).toBe("An application was opened from Chrome on macOS");
  });

  it("that a device is not known any more", () => {
    expect(told("session.revoked", { reason: "revoked_by_owner" }, { browser: "Firefox" })).toBe(
      "You logged a device out, from Firefox",
    );
  });

  it("from where an old key was used", () => {
    const event = { type: "refresh_token.reused", data: {}, browser: "curl", os: null };
    expect(eventSentence(event, [SAFARI])).toBe(
      "We logged Safari on iOS out to protect you, because an old key of it was used again from curl",
    );
    expect(eventSentence(event, [SHOP])).toBe(
      "We logged My shop out to protect you, because an old key of it was used again from curl",
    );
    expect(eventSentence(event, [SAFARI, SHOP])).toBe(
      "We logged Safari on iOS and My shop out to protect you, because an old key was used again from curl",
    );
  });

  it.each([
    ["revoked_by_owner", "You logged 12 devices out, from Firefox on macOS"],
    [
      "logged_out_everywhere",
      "12 devices were logged out, because you logged out everywhere, from Firefox on macOS",
    ],
  ])("how many devices one act logged out: %s", (reason, sentence) => {
    const event = { type: "session.revoked", data: { reason }, browser: "Firefox", os: "macOS" };
    expect(eventSentence(event, Array(12).fill(SAFARI))).toBe(sentence);
  });
});
