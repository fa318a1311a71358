import { beforeAll, describe, expect, it } from "vitest";
import { renameUser } from "@/lib/auth/account/rename-user.ts";
import { someAdmin } from "@/lib/testing/admins.ts";
import { insertPerson } from "@/lib/testing/records.ts";
import { type Holder, someone } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { listUsers } from "./list-users.ts";

const world = createWorld();

let admin: Holder;
beforeAll(async () => {
  admin = await someAdmin(world);
});

async function found(search: string): Promise<string[]> {
  const outcome = await listUsers(world.call({ principal: admin }), { limit: 25, filter: { search } });
  if (outcome.kind !== "listed") throw new Error(JSON.stringify(outcome));
  return outcome.page.results.map(({ id }) => id);
}

describe("a person whose name begins with a letter beyond ASCII", () => {
  it.each([
    "Éloïse Šťastná",
    "éloïse",
    "ÉLOÏSE ŠŤ",
    "E\u0301loi\u0308se",
  ])("is found by %j, whatever the locale of the database", async (search) => {
    const { id } = await insertPerson(world.db, { name: "Éloïse Šťastná" });
    expect(await found(search)).toContain(id);
  });

  it.each(["Eloise", "É%", "Éloïse_"])("is not found by %j", async (search) => {
    const { id } = await insertPerson(world.db, { name: "Éloïse Šťastná" });
    expect(await found(search)).not.toContain(id);
  });

  it("is found by a new name from the moment they have it, and no longer by the old one", async () => {
    const person = await someone(world);
    for (const name of ["Ödön Before", "Ōtani After"])
      await renameUser(world.call({ principal: person }), name);
    expect(await found("ōtani a")).toContain(person.user.id);
    expect(await found("ödön b")).not.toContain(person.user.id);
  });
});
