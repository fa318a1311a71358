import { expect, it } from "vitest";
import { bearerToken, readCredentials } from "./credentials.ts";

it.each(["Bearer", "bearer", "BEARER"])("a program that writes %s is heard", (scheme) => {
  const credentials = readCredentials(`${scheme} abc`, "from-a-cookie", ["Bearer"]);
  expect(credentials).toEqual({ kind: "token", token: "abc", from: "header" });
  expect(bearerToken(`${scheme} abc`)).toBe("abc");
});

it("a scheme that the settings spell in lower case counts in any case too", () => {
  expect(readCredentials("JWT abc", null, ["jwt"])).toMatchObject({ kind: "token", token: "abc" });
});

it("another scheme opens nothing", () => {
  const refused = { kind: "failure", code: "not_authenticated" };
  expect(readCredentials("Basic abc", null, ["Bearer"])).toEqual(refused);
  expect(readCredentials("BearerX abc", null, ["Bearer"])).toEqual(refused);
});

it("a header in lower case without exactly one token is refused as any other", () => {
  const refused = { kind: "failure", code: "bad_authorization_header" };
  expect(readCredentials("bearer", "from-a-cookie", ["Bearer"])).toEqual(refused);
  expect(readCredentials("bearer a b", "from-a-cookie", ["Bearer"])).toEqual(refused);
});
