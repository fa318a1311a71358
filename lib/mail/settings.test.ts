import { describe, expect, it } from "vitest";
import { parseSettings } from "@/lib/settings/env.ts";

const DEPLOYED = {
  APP_URL: "https://login.example.com",
  SECRET_KEY: "made for this test only, and long enough",
};
const SENDER = { MAIL_FROM: "Keyturn <login@example.com>" };
const RESEND = { MAIL_TRANSPORT: "resend", RESEND_API_KEY: "re_a-very-secret-key", ...SENDER };
const SMTP = {
  MAIL_TRANSPORT: "smtp",
  SMTP_URL: "smtp://ada:a-very-secret-word@mail.example.com:587",
  ...SENDER,
};

const faults = (variables: Record<string, string>) => {
  const parsed = parseSettings(variables);
  return parsed.kind === "faulty" ? parsed.faults : [];
};
const settings = (variables: Record<string, string>) => {
  const parsed = parseSettings(variables);
  if (parsed.kind === "faulty") throw new Error(parsed.faults.join("\n"));
  return parsed.settings;
};

describe("mail on this machine", () => {
  it("goes to the mailbox when nothing is set", () => {
    expect(settings({}).MAIL_TRANSPORT).toBe("mailbox");
  });

  it("may go out for real", () => {
    expect(settings(RESEND).MAIL_TRANSPORT).toBe("resend");
    expect(settings(SMTP).MAIL_TRANSPORT).toBe("smtp");
  });
});

describe("mail of a deployment", () => {
  it.each<Record<string, string>>([
    {},
    { MAIL_TRANSPORT: "" },
    { MAIL_TRANSPORT: "mailbox" },
  ])("can't start with the mailbox: %o", (given) => {
    expect(faults({ ...DEPLOYED, ...given })).toEqual([
      "MAIL_TRANSPORT must be resend or smtp unless APP_URL names this machine",
    ]);
  });

  it.each([RESEND, SMTP])("goes out through $MAIL_TRANSPORT", (given) => {
    expect(faults({ ...DEPLOYED, ...given })).toEqual([]);
  });
});

describe("each fault is one line that names its setting and never its value", () => {
  it.each<[string, Record<string, string>, string]>([
    [
      "an unknown transport",
      { MAIL_TRANSPORT: "pigeon" },
      "MAIL_TRANSPORT must be one of mailbox, resend, smtp",
    ],
    [
      "resend without a key",
      { ...RESEND, RESEND_API_KEY: "" },
      "RESEND_API_KEY is required with MAIL_TRANSPORT=resend",
    ],
    [
      "a key with a line break",
      { ...RESEND, RESEND_API_KEY: "re_\nx" },
      "RESEND_API_KEY must be an API key without spaces",
    ],
    ["smtp without a server", { ...SMTP, SMTP_URL: "" }, "SMTP_URL is required with MAIL_TRANSPORT=smtp"],
    [
      "resend without a sender",
      { ...RESEND, MAIL_FROM: "" },
      "MAIL_FROM is required with MAIL_TRANSPORT=resend",
    ],
    ["smtp without a sender", { ...SMTP, MAIL_FROM: "" }, "MAIL_FROM is required with MAIL_TRANSPORT=smtp"],
  ])("%s", (_name, given, fault) => {
    expect(faults(given)).toEqual([fault]);
  });

  it.each([
    "not a url",
    "http://mail.example.com",
    "smtp://",
    "smtp://mail.example.com/path",
    "smtp://ada:a-very-secret-word@mail.example.com?tls.rejectUnauthorized=false",
    "smtp://ada:a-very-secret-word%zz@mail.example.com",
  ])("SMTP_URL %s", (SMTP_URL) => {
    const found = faults({ ...SMTP, SMTP_URL });
    expect(found).toEqual([expect.stringMatching(/^SMTP_URL must be smtp:\/\//)]);
    expect(found.join()).not.toContain("a-very-secret-word");
  });

  it.each([
    "http://api.resend.com",
    "ftp://localhost",
    "https://u:p@example.com",
    "https://example.com/?a=b",
    "x",
  ])("RESEND_BASE_URL %s", (RESEND_BASE_URL) => {
    expect(faults({ ...RESEND, RESEND_BASE_URL })).toEqual([
      expect.stringMatching(/^RESEND_BASE_URL must be an https/),
    ]);
  });

  it.each([
    "nobody",
    "Keyturn <login@localhost>",
    "Keyturn <login@example.com",
    "Keyturn\r\nBcc: eve@example.com <login@example.com>",
    '"Key"turn" <login@example.com>',
    "a@example.com, b@example.com",
    "Keyturn <a@example.com> <b@example.com>",
  ])("MAIL_FROM %j", (MAIL_FROM) => {
    expect(faults({ ...RESEND, MAIL_FROM })).toEqual([
      "MAIL_FROM must be an address such as Keyturn <login@example.com>",
    ]);
  });
});

describe("what is read", () => {
  it.each([
    ["login@example.com", { name: "", address: "login@example.com" }],
    ["Keyturn <login@example.com>", { name: "Keyturn", address: "login@example.com" }],
    ['"Keyturn, Inc." <login@example.com>', { name: "Keyturn, Inc.", address: "login@example.com" }],
    ["Schlüssel <login@bücher.example>", { name: "Schlüssel", address: "login@xn--bcher-kva.example" }],
  ])("MAIL_FROM %s", (MAIL_FROM, expected) => {
    expect(settings({ ...RESEND, MAIL_FROM }).MAIL_FROM).toEqual(expected);
  });

  it.each([
    "https://eu.api.example.com",
    "http://127.0.0.1:4010",
    "http://localhost:4010",
    "http://[::1]:4010",
  ])("RESEND_BASE_URL %s", (RESEND_BASE_URL) => {
    expect(settings({ ...RESEND, RESEND_BASE_URL: `${RESEND_BASE_URL}/` }).RESEND_BASE_URL).toBe(
      RESEND_BASE_URL,
    );
  });
});
