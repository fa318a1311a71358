import { describe, expect, it } from "vitest";
import { splitHosts, withFirst } from "./hosts.ts";

describe("the hosts of a DATABASE_URL", () => {
  it("one is itself, whatever its query says", () => {
    const url = "postgres://keyturn:p%40ss@db.internal:5433/keyturn?sslmode=verify-full&x=a%20b";
    expect(splitHosts(url)).toEqual([url]);
    expect(splitHosts("postgresql://localhost/x")).toEqual(["postgresql://localhost/x"]);
  });

  it("several become one URL each, with the same account, database and query", () => {
    expect(splitHosts("postgres://u:p@one:5432,two:5433,[::1]/db?sslmode=require")).toEqual([
      "postgres://u:p@one:5432/db?sslmode=require",
      "postgres://u:p@two:5433/db?sslmode=require",
      "postgres://u:p@[::1]/db?sslmode=require",
    ]);
  });

  it("which of them takes writes is found out, so that asking for it says nothing more", () => {
    const url = "postgres://one,two/db?target_session_attrs=read-write&sslmode=require";
    expect(splitHosts(url)).toEqual([
      "postgres://one/db?sslmode=require",
      "postgres://two/db?sslmode=require",
    ]);
    expect(splitHosts("postgres://one/db?target_session_attrs=primary")).toEqual(["postgres://one/db"]);
  });

  it.each([
    "mysql://x/y",
    "postgres:/x",
    "postgres://[",
    "postgres://one,,two/db",
    "postgres://one:x,two/db",
    "postgres://one,two/db?target_session_attrs=standby",
  ])("%s is refused", (url) => {
    expect(splitHosts(url)).toBeNull();
  });

  it("can be put in another order", () => {
    const urls = splitHosts("postgres://u:p@one:1,two:2,three:3/db?x=y") ?? [];
    expect(withFirst(urls, urls[1] ?? "")).toBe("postgres://u:p@two:2,one:1,three:3/db?x=y");
  });
});
