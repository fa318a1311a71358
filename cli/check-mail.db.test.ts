import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSmtpPeer } from "@/lib/mail/smtp-peer.fixture.ts";
import { COMMANDS_TIMEOUT_MS, createCommandLine, keyturn } from "@/lib/testing/command-line.ts";

const commandLine = createCommandLine();
let peer: Awaited<ReturnType<typeof startSmtpPeer>>;
beforeAll(async () => {
  peer = await startSmtpPeer();
});
afterAll(() => peer.stop());

const doctor = (variables: Record<string, string>, ...args: string[]) =>
  keyturn({ ...commandLine.variables, ...variables }, "doctor", ...args);
const bySmtp = () => ({
  MAIL_TRANSPORT: "smtp",
  SMTP_URL: `smtp://127.0.0.1:${peer.port}`,
  MAIL_FROM: "Keyturn <login@example.com>",
});

describe("doctor --mail", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("sends nothing unless asked", async () => {
    expect((await doctor(bySmtp())).stdout).toContain("Mail goes by smtp");
    expect(peer.received).toEqual([]);
  });

  it("leaves a test mail in the local mailbox", async () => {
    const { exitCode, stdout } = await doctor({}, "--mail", "you@example.com");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("A test mail is at /dev/mailbox");
    const rows = await commandLine.db.$client`select recipient, kind from outbox`;
    expect([...rows]).toEqual([{ recipient: "you@example.com", kind: "test" }]);
  });

  it("sends one through the provider and says that it was accepted", async () => {
    const { exitCode, stdout } = await doctor(bySmtp(), "--mail", "you@example.com");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("The provider accepted a test mail (smtp).");
    expect(peer.received).toHaveLength(1);
  });

  it("says what the provider answered instead, and exits with 1", async () => {
    const gone = { ...bySmtp(), SMTP_URL: "smtp://127.0.0.1:1" };
    const { exitCode, stdout } = await doctor(gone, "--mail", "you@example.com");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/The provider did not take a test mail: smtp .+\./);
  });

  it("refuses what is no address", async () => {
    const { exitCode, stdout } = await doctor(bySmtp(), "--mail", "you@example.com,me@example.com");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("That is no e-mail address.");
    expect(peer.received).toHaveLength(1);
  });
});
