// @vitest-environment jsdom
import "@testing-library/jest-dom/vitest";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { instant } from "@/lib/base/clock.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import { SessionCard } from "./session-card.tsx";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: vi.fn() }) }));
afterEach(cleanup);

const MONTH = 30 * 24 * 60 * 60;
const NOW = instant("2026-03-03T12:00:00Z");
const laptop: PublicSession = {
  id: "a",
  current: false,
  name: null,
  created_at: "2026-03-01T12:00:00Z",
  last_seen_at: "2026-03-03T11:00:00Z",
  expires_at: "2026-03-06T11:00:00Z",
  ip: "203.0.113.7",
  browser: "Firefox",
  os: "Linux",
  device: "desktop",
  location: null,
  amr: ["pwd", "email"],
};

function show(facts: Partial<PublicSession>) {
  render(
    <ul>
      <SessionCard session={{ ...laptop, ...facts }} longestSeconds={MONTH} now={NOW} />
    </ul>,
  );
  return screen.getByRole("listitem");
}

describe("a device", () => {
  it("says what it is, since when, how long, and can be logged out", () => {
    const card = show({});
    expect(screen.getByRole("heading")).toHaveTextContent(/^Firefox on Linux$/);
    expect(card).toHaveTextContent("203.0.113.7");
    expect(card).toHaveTextContent(
      "Active about 1 hour ago · logged in 1 March with password and e-mail code · ends in 3 days unless used",
    );
    expect(
      screen.getByRole("button", { name: "Log out Firefox on Linux, 203.0.113.7, active about 1 hour ago" }),
    ).toBeEnabled();
    expect(screen.getByRole("button", { name: "Name Firefox on Linux" })).toBeEnabled();
  });

  it("says of the last days of its month that it ends, used or not", () => {
    const card = show({ created_at: "2026-02-03T11:00:00Z", expires_at: "2026-03-05T11:00:00Z" });
    expect(card).toHaveTextContent("ends in 2 days");
    expect(card).not.toHaveTextContent("unless used");
  });

  it("that is this one is active now, though that was not written down yet", () => {
    expect(show({ current: true })).toHaveTextContent("Active now · logged in 1 March");
  });

  it("that is this one is marked, and its button says so", () => {
    show({ current: true });
    expect(screen.getByRole("heading")).toHaveTextContent("Firefox on LinuxThis device");
    const [button, ...more] = screen.getAllByRole("button", { name: /Log out/ });
    expect(button).toHaveAccessibleName("Log out this device, Firefox on Linux");
    expect(more).toEqual([]);
  });

  it("with a name still says what it is", () => {
    const card = show({ name: "Ada's laptop" });
    expect(screen.getByRole("heading")).toHaveTextContent(/^Ada's laptop$/);
    expect(card).toHaveTextContent("Firefox on Linux · 203.0.113.7");
    expect(screen.getByRole("button", { name: "Rename Ada's laptop" })).toBeEnabled();
    expect(screen.getByRole("button", { name: /^Log out Ada's laptop, / })).toBeEnabled();
  });

  it.each([
    [{ browser: null }, "Linux"],
    [{ os: null }, "Firefox"],
    [{ browser: null, os: null, device: null, ip: null }, "Unknown program"],
  ])("that says no more than %j is called %j", (facts, name) => {
    const card = show(facts);
    expect(screen.getByRole("heading")).toHaveTextContent(name);
    expect(card).not.toHaveTextContent(/null|undefined/);
  });

  it("shows markup in every text as text", () => {
    const markup = "<img src=x onerror=alert(1)>";
    const card = show({
      name: markup,
      browser: markup,
      os: markup,
      location: markup,
      ip: markup,
      amr: [markup],
    });
    expect(screen.getByRole("heading")).toHaveTextContent(markup);
    expect(card.querySelectorAll("img, script")).toHaveLength(0);
    expect(card.textContent?.split(markup).length).toBeGreaterThan(5);
  });
});
