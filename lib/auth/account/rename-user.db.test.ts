import { describe, expect, it } from "vitest";
import { RenameRequest } from "@/lib/contract/profile.ts";
import { eventsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import { type Holder, someone, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { renameUser } from "./rename-user.ts";

const world = createWorld();

const rename = (who: Holder, name: string) => renameUser(world.call({ principal: who }), name);
const renamings = async (who: Holder) =>
  (await eventsOf(world.db, who.user.id)).filter(({ type }) => type === "user.renamed");

describe("1. an account that is inactive by now", () => {
  it("keeps its name", async () => {
    const who = await someone(world);
    await writeUser(world.db, who.user.id, { isActive: false });
    expect(await rename(who, "Ada")).toMatchObject({ kind: "failure", code: "token_not_valid" });
    expect((await userRow(world.db, who.user.id)).name).toBe("");
    expect(await renamings(who)).toEqual([]);
  });
});

describe("2. the name that they have already", () => {
  it("is theirs still, and nothing is recorded, also of two simultaneous calls", async () => {
    const who = await someone(world);
    const outcomes = await times(2, () => rename(who, "Ada"));
    expect(outcomes.map(({ kind }) => kind)).toEqual(["renamed", "renamed"]);
    expect(await renamings(who)).toHaveLength(1);
  });
});

describe("3. another name", () => {
  it("is shown at once and recorded, with the device and without the name", async () => {
    const who = await someone(world);
    expect(await rename(who, "Ada Lovelace")).toEqual({
      kind: "renamed",
      user: expect.objectContaining({ id: who.user.id, name: "Ada Lovelace" }),
    });
    expect((await userRow(world.db, who.user.id)).name).toBe("Ada Lovelace");
    expect(await renamings(who)).toMatchObject([
      { sessionId: who.session.id, actorId: null, ip: LAPTOP.ip, data: {} },
    ]);
  });

  it("can be none", async () => {
    const who = await someone(world);
    await rename(who, "Ada");
    expect(await rename(who, "")).toMatchObject({ kind: "renamed", user: { name: "" } });
  });
});

describe("what may be a name", () => {
  const parse = (name: unknown) => RenameRequest.safeParse({ name });

  it.each([
    "",
    "Ada",
    "  ",
    "李小龙",
    "Zoë 👩‍👩‍👧",
    "<b>Ada</b>",
    "O'Neill; drop table users",
    "x".repeat(100),
  ])("%j, without the space around it", (name) => {
    expect(parse(name).data).toEqual({ name: name.trim() });
  });

  it.each([
    ["a line break", "Ada\nLovelace"],
    ["an escape", "\u001b[31mAda"],
    ["delete", "Ada\u007f"],
    ["a C1 control", "Ada\u0085"],
    ["a line separator", "Ada\u2028"],
    ["text turned around", "Ada\u202e"],
    ["NUL", "Ada\0"],
    ["half a character", "Ada\ud800"],
    ["101 characters", "x".repeat(101)],
    ["a number", 1],
    ["null", null],
    ["nothing", undefined],
  ])("nothing with %s", (_, name) => {
    expect(parse(name).success).toBe(false);
  });
});
