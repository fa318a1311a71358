// @vitest-environment jsdom
import "@testing-library/jest-dom/vitest";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
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
  application: null,
  opened_by: null,
};

const shop: PublicSession = {
  ...laptop,
  id: "b",
  created_at: "2026-03-02T12:00:00Z",
  application: { id: "shop", name: "My shop" },
  opened_by: "a",
};
const desk: PublicSession = { ...shop, id: "c", application: { id: "desk", name: "Desk" } };

function show(facts: Partial<PublicSession>, opened: PublicSession[] = []) {
  const session = { ...laptop, ...facts };
  render(
    <ul>
      <SessionCard group={{ session, opened }} longestSeconds={MONTH} now={NOW} />
    </ul>,
  );
  return screen.getAllByRole("listitem")[0] as HTMLElement;
}

/** The text of the dialog that a button opens. */
function askedBy(button: RegExp | string) {
  fireEvent.click(screen.getByRole("button", { name: button }));
  return screen.getByRole("alertdialog").textContent ?? "";
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
    const said = {
      name: markup,
      browser: markup,
      os: markup,
      location: markup,
      ip: markup,
      amr: [markup],
    };
    const card = show(said, [{ ...shop, application: { id: "shop", name: `My ${markup}` } }]);
    expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent(markup);
    expect(screen.getByRole("heading", { level: 3 })).toHaveTextContent(`My ${markup}`);
    expect(card.querySelectorAll("img, script")).toHaveLength(0);
    expect(card.textContent?.split(markup).length).toBeGreaterThan(5);
  });
});

describe("a browser that applications were opened from", () => {
  it("has them in a list below it, each with its times and a way to log it out alone", () => {
    show({}, [shop, desk]);
    const list = screen.getByRole("list", { name: "Applications opened from Firefox on Linux" });
    const items = within(list).getAllByRole("listitem");
    expect(items.map((item) => within(item).getByRole("heading").textContent)).toEqual(["My shop", "Desk"]);
    expect(items[0]).toHaveTextContent(
      "Active about 1 hour ago · opened 2 March · ends in 3 days unless used",
    );
    expect(within(list).queryByRole("button", { name: /name/i })).toBeNull();
    const text = askedBy("Log out My shop on Firefox on Linux, 203.0.113.7, active about 1 hour ago");
    expect(text).toContain("Log out My shop?");
    expect(text).toContain("Firefox on Linux stays logged in.");
  });

  it("says before its own log-out that they go too, each name once", () => {
    show({}, [shop, desk, { ...shop, id: "d" }]);
    expect(askedBy(/^Log out Firefox on Linux, /)).toContain(
      "What was opened from it is logged out too: My shop and Desk. This can't be undone.",
    );
  });

  it("that is this one says so of them, and of its own log-out", () => {
    show({ current: true }, [shop]);
    expect(screen.getByRole("list", { name: "Applications opened from this device" })).toBeVisible();
    expect(screen.getByRole("button", { name: /^Log out My shop on this device, active/ })).toBeEnabled();
    expect(askedBy("Log out this device, Firefox on Linux")).toContain("logged out too: My shop.");
  });

  it("says where one was last used only where that is elsewhere", () => {
    const server = { browser: null, os: null, device: null, ip: "198.51.100.80" };
    show({}, [shop, { ...desk, ...server }]);
    const [inShop, atDesk] = within(screen.getByRole("list", { name: /^Applications/ })).getAllByRole(
      "listitem",
    );
    expect(inShop).not.toHaveTextContent("203.0.113.7");
    expect(atDesk).toHaveTextContent("Active about 1 hour ago from Unknown program, 198.51.100.80 · opened");
  });

  it("without any has no list and promises nothing", () => {
    show({});
    expect(screen.getAllByRole("list")).toHaveLength(1);
    expect(askedBy(/^Log out Firefox on Linux, /)).not.toContain("opened");
  });
});

describe("an application whose browser is not listed", () => {
  it("is a card of its own: its name, and where it was last used", () => {
    const card = show(shop);
    expect(screen.getByRole("heading")).toHaveTextContent(/^My shop$/);
    expect(card).toHaveTextContent("Firefox on Linux · 203.0.113.7");
    expect(card).toHaveTextContent("opened 2 March · ends");
    expect(screen.queryByRole("button", { name: /name/i })).toBeNull();
    expect(askedBy("Log out My shop on Firefox on Linux, 203.0.113.7, active about 1 hour ago")).toContain(
      "It will have to be opened again.",
    );
  });

  it("with a name of its own still says which application it is", () => {
    const card = show({ ...shop, name: "Till" });
    expect(screen.getByRole("heading")).toHaveTextContent(/^Till$/);
    expect(card).toHaveTextContent("My shop · Firefox on Linux · 203.0.113.7");
  });
});
