import { describe, expect, it } from "vitest";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import { countSessions, groupSessions } from "./session-groups.ts";

function session(id: string, facts: Partial<PublicSession> = {}): PublicSession {
  const at = "2026-03-01T12:00:00Z";
  return {
    id,
    current: false,
    name: null,
    created_at: at,
    last_seen_at: at,
    expires_at: at,
    ip: null,
    browser: null,
    os: null,
    device: null,
    location: null,
    amr: ["pwd"],
    application: null,
    opened_by: null,
    ...facts,
  };
}
const shop = (id: string, from: string | null, facts: Partial<PublicSession> = {}) =>
  session(id, { application: { id: "shop", name: "My shop" }, opened_by: from, ...facts });
const shape = (sessions: PublicSession[]) =>
  groupSessions(sessions).map(({ session: { id }, opened }) => [id, opened.map((each) => each.id)]);

describe("the cards of a list", () => {
  it("have what was opened from a browser below it, in the order of the list", () => {
    const here = session("here", { current: true });
    const sessions = [here, shop("x", "phone"), session("phone"), shop("y", "here"), shop("z", "phone")];
    expect(shape(sessions)).toEqual([
      ["here", ["y"]],
      ["phone", ["x", "z"]],
    ]);
    expect(countSessions(groupSessions(sessions))).toEqual({ devices: 2, applications: 3 });
  });

  it("are of applications too, where their browser is gone, forgotten or itself an application", () => {
    const sessions = [session("here"), shop("x", "gone"), shop("y", null), shop("z", "x")];
    expect(shape(sessions)).toEqual([
      ["here", []],
      ["x", []],
      ["y", []],
      ["z", []],
    ]);
    expect(countSessions(groupSessions(sessions))).toEqual({ devices: 1, applications: 3 });
  });

  it("show the session that asks on a card of its own, whatever it is", () => {
    expect(shape([shop("x", "here", { current: true }), session("here")])).toEqual([
      ["x", []],
      ["here", []],
    ]);
  });

  it("leave no session out and show none twice", () => {
    const sessions = ["a", "b", "c"].flatMap((id, index) => [
      session(id),
      shop(`${id}1`, ["b", "c", "none"][index] ?? null),
    ]);
    expect(
      shape(sessions)
        .flat(2)
        .toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual(["a", "a1", "b", "b1", "c", "c1"]);
  });
});
