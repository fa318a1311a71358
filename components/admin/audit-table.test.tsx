// @vitest-environment jsdom
import "@testing-library/jest-dom/vitest";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { AdminEvent } from "@/lib/contract/admin.ts";
import { AuditTable } from "./audit-table.tsx";

afterEach(cleanup);

const ada = { id: "11111111-1111-4111-8111-111111111111", email: "ada@example.com" };
const admin = { id: "22222222-2222-4222-8222-222222222222", email: "admin@example.com" };
const SESSION = "33333333-3333-4333-8333-333333333333";
const event: AdminEvent = {
  id: "44444444-4444-4444-8444-444444444444",
  type: "login.succeeded",
  created_at: "2026-03-03T11:00:00Z",
  session_id: null,
  ip: "203.0.113.7",
  browser: "Firefox",
  os: "Linux",
  data: {},
  user: ada,
  actor: null,
};

function by(facts: Partial<AdminEvent>): string | null {
  render(<AuditTable events={[{ ...event, ...facts }]} />);
  return screen.getAllByRole("cell")[3]?.textContent ?? null;
}

it("says exactly when, to the second", () => {
  render(<AuditTable events={[event]} />);
  expect(screen.getAllByRole("cell")[0]).toHaveTextContent(/^\d March 2026 at \d\d:\d\d:00$/);
});

describe("who did it", () => {
  it("is the admin whom the event names", () => {
    expect(by({ type: "user.renamed", actor: admin })).toBe("admin@example.com");
  });

  it.each([
    ["login.succeeded", { session_id: SESSION }],
    ["password.changed", { session_id: SESSION }],
    ["password.reset", {}],
    ["user.registered", {}],
    ["session.revoked", { session_id: SESSION, data: { reason: "logged_out" } }],
  ])("is the person where they must have: %s %j", (type, facts) => {
    expect(by({ type, ...facts })).toBe("themselves");
  });

  it.each([
    ["login.failed", { user: null }],
    ["login.failed", {}],
    ["code.wrong", {}],
    ["password.reset_requested", {}],
    ["user.created", { ip: null, browser: null, os: null }],
    ["user.deactivated", {}],
    ["refresh_token.reused", { session_id: SESSION }],
    ["password.wrong", { session_id: SESSION }],
    ["session.revoked", { session_id: SESSION, data: { reason: "revoked_by_admin" } }],
    ["session.revoked", { session_id: SESSION, data: { reason: "replaced" } }],
  ])("is not said where nobody knows: %s %j", (type, facts) => {
    expect(by({ type, ...facts })).toBe("—");
  });
});
