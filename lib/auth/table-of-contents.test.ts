import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));

/** The files that each room of the table of contents names. */
const rooms = readFileSync(join(folder, "README.md"), "utf8")
  .split("\n## ")
  .slice(1)
  .map((room) => {
    const [title = "", ...lines] = room.split("\n");
    const named = lines.flatMap((line) => [...(line.split(":")[0] ?? "").matchAll(/`([\w-]+)`/g)]);
    return { room: title.split(":")[0] ?? "", named: named.map(([, name]) => name ?? "").sort() };
  });

it("the table of contents names every room, and every file in it", () => {
  const expected = [...new Set(files.map((file) => dirname(file)))].map((room) => ({
    room,
    named: files
      .filter((file) => dirname(file) === room)
      .map((file) => basename(file, ".ts"))
      .sort(),
  }));
  const byRoom = (a: { room: string }, b: { room: string }) => a.room.localeCompare(b.room);
  expect(rooms.toSorted(byRoom)).toEqual(expected.sort(byRoom));
});
