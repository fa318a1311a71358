// @vitest-environment jsdom
import "@testing-library/jest-dom/vitest";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { instant } from "@/lib/clock.ts";
import { EventList } from "./event-list.tsx";

afterEach(cleanup);

it("names the day once and says the time of each event under it, in full on hover", () => {
  const facts = { session_id: null, ip: "203.0.113.7", browser: null, os: null, data: {} };
  const events = [
    { id: "a", type: "login.failed", created_at: "2026-03-02T23:30:00Z", ...facts },
    { id: "b", type: "login.failed", created_at: "2026-03-02T00:05:00Z", ...facts },
  ];
  render(<EventList events={events} now={instant("2026-03-03T00:10:00Z")} />);
  expect(screen.getByRole("heading")).toHaveTextContent("Yesterday");
  const times = screen.getAllByRole("time");
  expect(times.map(({ textContent }) => textContent)).toEqual(["23:30 UTC", "00:05 UTC"]);
  expect(times[0]).toHaveAttribute("title", "2 March 2026 at 23:30:00 UTC");
});
