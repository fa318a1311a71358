// @vitest-environment jsdom
import "@testing-library/jest-dom/vitest";
import { cleanup, render, screen } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { instant } from "@/lib/clock.ts";
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
const list = <EventList events={events} now={instant("2026-03-03T00:10:00Z")} />;

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

function times() {
  return screen.getAllByRole("time").map(({ textContent }) => textContent);
}
