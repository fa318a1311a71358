import { describe, expect, it } from "vitest";
import { instant } from "@/lib/base/clock.ts";
import { type Message, renderMessage } from "./messages.ts";

const SITE = { appUrl: "https://login.example.com" };
const CODE = "042917";
const SECRET = "kZ3vT8-secret_of_a_link-0123456789abcdefghijklmnop";
const AT = instant("2026-03-01T12:00:00.000Z");

const purposes = ["log-in", "step-up", "register", "email-change"] as const;
const codes = purposes.map((purpose) => ({ kind: "code", code: CODE, purpose, minutes: 10 }) as const);
const newDevice = {
  kind: "new-device",
  device: "Firefox on Linux",
  place: "Ghent, Belgium",
  at: AT,
  token: SECRET,
  days: 7,
} as const;

/** Every message there is, with the links that it must carry. */
const messages: { name: string; message: Message; links: string[] }[] = [
  ...codes.map((message) => ({ name: `code to ${message.purpose}`, message, links: [] })),
  { name: "new-device", message: newDevice, links: [`${SITE.appUrl}/not-me?token=${SECRET}`] },
  {
    name: "token-reused",
    message: { kind: "token-reused", device: "curl", at: AT },
    links: [`${SITE.appUrl}/account/sessions`],
  },
  {
    name: "codes-closed",
    message: { kind: "codes-closed", at: AT, inARow: 10, minutes: 15 },
    links: [`${SITE.appUrl}/forgot-password`],
  },
  {
    name: "codes-closed, until there is a new password",
    message: { kind: "codes-closed", at: AT, inARow: 100, minutes: null },
    links: [`${SITE.appUrl}/forgot-password`],
  },
  {
    name: "device-copied",
    message: { kind: "device-copied", device: "curl", at: AT },
    links: [`${SITE.appUrl}/account/sessions`],
  },
  {
    name: "password-changed",
    message: { kind: "password-changed", at: AT },
    links: [`${SITE.appUrl}/forgot-password`],
  },
  {
    name: "two-step-off",
    message: { kind: "two-step-off", at: AT },
    links: [`${SITE.appUrl}/forgot-password`],
  },
  {
    name: "address-changed, to the old address",
    message: { kind: "address-changed", left: true, token: SECRET, days: 7 },
    links: [`${SITE.appUrl}/undo-email-change?token=${SECRET}`],
  },
  {
    name: "address-changed, to the new address",
    message: { kind: "address-changed", left: false, days: 7 },
    links: [],
  },
  {
    name: "address-changed, to an address that an older one can take back",
    message: { kind: "address-changed", left: true, days: 7 },
    links: [],
  },
  { name: "account-deleted", message: { kind: "account-deleted", at: AT }, links: [] },
  {
    name: "address-restored, to the address that has it back",
    message: { kind: "address-restored", at: AT, lost: false, codeTurnedOn: true },
    links: [`${SITE.appUrl}/forgot-password`],
  },
  {
    name: "address-restored, to the address that lost it",
    message: { kind: "address-restored", at: AT, lost: true, codeTurnedOn: true },
    links: [],
  },
  {
    name: "reset-link",
    message: { kind: "reset-link", token: SECRET, minutes: 30 },
    links: [`${SITE.appUrl}/reset-password?token=${SECRET}`],
  },
  {
    name: "account-exists",
    message: { kind: "account-exists" },
    links: [`${SITE.appUrl}/login`, `${SITE.appUrl}/forgot-password`],
  },
  {
    name: "invitation",
    message: { kind: "invitation", token: SECRET, days: 7 },
    links: [`${SITE.appUrl}/accept-invitation?token=${SECRET}`],
  },
  { name: "test", message: { kind: "test" }, links: [] },
];

/** How HTML writes a text. */
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

describe.each(messages)("the message $name", ({ message, links }) => {
  it("has a subject of one short line without anything secret", async () => {
    const { subject } = await renderMessage(message, SITE);
    expect(subject).toMatch(/^[ -~]{5,60}$/);
    expect(subject).not.toMatch(/\d|https?:/);
  });

  it("tells text and HTML apart: no markup in the text", async () => {
    const { text, html } = await renderMessage(message, SITE);
    expect(html).toMatch(/^<!DOCTYPE html/);
    expect(text).not.toMatch(/<\/?\w|&\w+;|undefined|null|\[object/);
    expect(text.length).toBeGreaterThan(80);
    expect(text.endsWith(".\n")).toBe(true);
  });

  it("names the host and why it came, in both", async () => {
    const { text, html } = await renderMessage(message, SITE);
    expect(text).toContain("login.example.com");
    expect(text).toContain("Keyturn sent you this mail.");
    expect(html).toContain("login.example.com");
  });

  it("carries its links whole: in the text alone on a line, in the HTML as address and to read", async () => {
    const { text, html } = await renderMessage(message, SITE);
    for (const link of links) {
      expect(text.split("\n")).toContain(link);
      expect(html).toContain(`href="${escaped(link)}"`);
    }
  });

  it("looks right in the light and in the dark, and is at most 560 px wide", async () => {
    const { html } = await renderMessage(message, SITE);
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain("@media (prefers-color-scheme: dark)");
    expect(html).toContain("max-width:560px");
    expect(html).toMatch(/<html lang="en">/);
  });

  it("loads nothing and runs nothing", async () => {
    const { html } = await renderMessage(message, SITE);
    expect(html).not.toMatch(/<img|<script|<link|<iframe|src=|url\(|@import|javascript:/i);
    const hosts = [...html.matchAll(/https?:\/\/[^"<\s]+/g)].map(([address]) => new URL(address).host);
    for (const host of hosts) expect(["login.example.com", "www.w3.org"]).toContain(host);
  });

  it("speaks the house's words", async () => {
    const { subject, text, html } = await renderMessage(message, SITE);
    for (const part of [subject, text, html]) {
      expect(part).not.toMatch(
        /sign[- ]?(in|on|out|up)\b|log[- ]?off|\bOTP\b|2FA|two-factor|verification code/i,
      );
    }
  });
});

describe.each(codes)("a code to $purpose", (message) => {
  it("stands alone on exactly one line of the text", async () => {
    const { text } = await renderMessage(message, SITE);
    expect(text.split("\n").filter((line) => /^\d{6}$/.test(line))).toEqual([CODE]);
    expect(text.split(CODE)).toHaveLength(2);
  });

  it("stands once in the HTML, whole, so that it can be copied", async () => {
    const { html } = await renderMessage(message, SITE);
    expect(html.split(`>${CODE}<`)).toHaveLength(2);
    expect(html.split(CODE)).toHaveLength(2);
  });

  it("says how long it works", async () => {
    const { text } = await renderMessage(message, SITE);
    expect(text).toContain("It works once, for 10 minutes.");
  });

  it("keeps a leading zero and counts one minute in the singular", async () => {
    const { text } = await renderMessage({ ...message, code: "000000", minutes: 1 }, SITE);
    expect(text.split("\n")).toContain("000000");
    expect(text).toContain("for 1 minute.");
  });
});

describe("what comes from outside", () => {
  const markup = '<script>alert("1")</script><a href="https://evil.example">Log in</a>&amp;';
  const hostile: Message[] = [
    { ...newDevice, device: markup, place: markup },
    { kind: "token-reused", device: markup, at: AT },
    { kind: "code", code: CODE, purpose: "log-in", minutes: 10, device: markup },
    { kind: "code", code: CODE, purpose: "step-up", minutes: 10, device: markup },
  ];

  it.each(hostile)("shows markup as text in $kind", async (message) => {
    const { text, html } = await renderMessage(message, SITE);
    expect(html).not.toMatch(/<script|<a href="https:\/\/evil/);
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(text).toContain('<script>alert("1")</script>');
  });

  it.each(hostile)("can't fake a code's own line or another header in $kind", async (message) => {
    const device = "Firefox\r\n\r\n999999\r\nBcc: eve@example.com\u2028999999\u0085999999";
    const { subject, text } = await renderMessage({ ...message, device, place: device } as Message, SITE);
    expect(text.split(/\r|\n|\u2028|\u0085/)).not.toContain("999999");
    expect(subject).not.toMatch(/Firefox|Bcc|999999/);
  });

  it("can't turn the direction of reading, and is cut at 80 characters", async () => {
    const device = `\u202Egnp.exe${"x".repeat(500)}\u0000\u200B`;
    const { text, html } = await renderMessage({ ...newDevice, device }, SITE);
    expect(text).toContain(`Device: gnp.exe${"x".repeat(72)}…\n`);
    expect(text + html).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\0]/);
  });
});

describe("a log-in from a new device", () => {
  it("tells device, place and time", async () => {
    const { text } = await renderMessage(newDevice, SITE);
    expect(text).toContain(
      "Device: Firefox on Linux\nPlace: Ghent, Belgium\nTime: 1 March 2026 at 12:00 UTC\n",
    );
  });

  it("leaves the place out when it isn't known", async () => {
    const { text, html } = await renderMessage({ ...newDevice, place: null }, SITE);
    expect(text).toContain("Device: Firefox on Linux\nTime: 1 March 2026");
    expect(html).not.toContain("Place");
  });

  it("says that opening the link changes nothing", async () => {
    const { text } = await renderMessage(newDevice, SITE);
    expect(text).toContain("This wasn't me:\n");
    expect(text).toContain("Opening that page changes nothing yet.");
    expect(text).toContain("for 7 days, once");
  });
});
