// @vitest-environment jsdom
import "@testing-library/jest-dom/vitest";
import { cleanup, render, screen } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { instant } from "@/lib/base/clock.ts";
import type { Ended } from "@/lib/contract/event-sentence.ts";
import { EventList } from "./event-list.tsx";

vi.hoisted(() => vi.stubEnv("TZ", "America/New_York"));
afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

const facts = { session_id: null, ip: "203.0.113.7", browser: null, os: null, data: {} };
const events = [
  { id: "a", type: "login.failed", created_at: "2026-03-02T23:30:00Z", ...facts },
  { id: "b", type: "login.failed", created_at: "2026-03-02T00:05:00Z", ...facts },
];
const list = <EventList events={events} ended={new Map()} now={instant("2026-03-03T00:10:00Z")} />;

describe("the days and times of what happened, in full on hover", () => {
  it("are UTC's as the server writes them", () => {
    document.body.innerHTML = renderToString(list);
    expect(screen.getByRole("heading")).toHaveTextContent("Yesterday");
    expect(times()).toEqual(["23:30 UTC", "00:05 UTC"]);
    expect(screen.getAllByRole("time")[0]).toHaveAttribute("title", "2 March 2026 at 23:30:00 UTC");
  });

  it("are the reader's own once scripts run", () => {
    render(list);
    const days = screen.getAllByRole("heading").map(({ textContent }) => textContent);
    expect(days).toEqual(["Today", "Yesterday"]);
    expect(times()).toEqual(["18:30", "19:05"]);
    expect(screen.getAllByRole("time")[1]).toHaveAttribute("title", "1 March 2026 at 19:05:00");
  });
});

describe("devices that one act logged out", () => {
  const data = { reason: "logged_out_everywhere" };
  const at = "2026-03-02T12:00:00.000Z";
  const revoked = (id: string, further = {}) => ({
    ...facts,
    id,
    type: "session.revoked",
    created_at: at,
    session_id: id,
    browser: "Firefox",
    os: "macOS",
    data,
    ...further,
  });
  const ended = new Map<string, Ended>([
    ["a", { kind: "device", name: "Safari on iOS" }],
    ["shop", { kind: "application", name: "My shop" }],
  ]);
  const now = instant("2026-03-03T00:10:00Z");

  it("are one line, whatever else happened at that instant", () => {
    const changed = { ...facts, id: "x", type: "password.changed", created_at: at };
    const all = [revoked("a"), changed, revoked("b"), revoked("c")];
    render(<EventList events={all} ended={ended} now={now} />);
    expect(sentences()).toEqual([
      "3 devices were logged out, because you logged out everywhere, from Firefox on macOS",
      "Your password was changed",
    ]);
  });

  it("are one line with the applications that were opened from them", () => {
    const all = [revoked("shop"), revoked("a")];
    render(<EventList events={all} ended={ended} now={now} />);
    expect(sentences()).toEqual([
      "Safari on iOS and My shop were logged out, because you logged out everywhere, from Firefox on macOS",
    ]);
  });

  it("are one line too where an old key came back, which was of one of them", () => {
    const reused = { type: "refresh_token.reused", data: { reason: "token_reused" } };
    render(<EventList events={[revoked("a", reused), revoked("shop", reused)]} ended={ended} now={now} />);
    expect(sentences()).toEqual([
      "We logged Safari on iOS and My shop out to protect you, because an old key was used again from Firefox on macOS",
    ]);
  });

  it("are lines of their own, by name, where time, reason or place differ", () => {
    const all = [
      revoked("a"),
      revoked("b", { created_at: "2026-03-02T11:59:59.999Z" }),
      revoked("c", { data: { reason: "revoked_by_owner" } }),
      revoked("d", { browser: "Chrome" }),
      revoked("e", { ip: "203.0.113.8" }),
    ];
    render(<EventList events={all} ended={ended} now={now} />);
    expect(sentences()).toHaveLength(5);
    expect(sentences()[0]).toMatch(/^Safari on iOS was logged out, /);
    expect(sentences()[1]).toMatch(/^A device was logged out, /);
  });

  it("nothing else is folded", () => {
    const failed = { ...facts, type: "login.failed", created_at: at };
    const all = [
      { ...failed, id: "a" },
      { ...failed, id: "b" },
    ];
    render(<EventList events={all} ended={ended} now={now} />);
    expect(sentences()).toHaveLength(2);
  });
});

function sentences() {
  return screen.getAllByRole("listitem").map((item) => item.firstElementChild?.textContent);
}

function times() {
  return screen.getAllByRole("time").map(({ textContent }) => textContent);
}
