import { describe, expect, it } from "vitest";
import { findSecrets } from "./secrets.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
const secrets = ["correct horse battery", JWT, "482913"];
const line = (more: object) => JSON.stringify({ level: 30, requestId: "a-1", ...more });

describe("the look through the logs of a whole run", () => {
  it("is content with logs that hold no secret", () => {
    const clean = [
      line({ route: "/api/token" }),
      line({ ms: 482.91 }),
      line({ at: "4829130", id: "a-482913-b" }),
    ].join("\n");
    expect(findSecrets(clean, secrets)).toEqual([]);
  });

  it.each([
    ["a password", line({ msg: "no match for correct horse battery" })],
    ["a token", line({ url: `/?token=${JWT}` })],
    ["a token's second half", line({ cut: `…${JWT.slice(-50)}` })],
    ["a code", line({ code: 482913 })],
    ["a code in a sentence", line({ msg: "Your code is 482913." })],
  ])("finds %s that was planted", (_what, planted) => {
    const log = [line({ a: 1 }), planted, line({ b: 2 })].join("\n");
    const found = findSecrets(log, secrets);
    expect(found).toHaveLength(1);
    expect(found.join()).not.toMatch(/horse|dozjgNryP4J3|\b482913\b/);
  });

  it("lets a first start tell the admin's password, on that line only", () => {
    const told = "Password:    correct-horse-battery   (shown this once)";
    expect(findSecrets(told, ["correct-horse-battery"])).toEqual([]);
    expect(findSecrets(`${told}\n${told} again`, ["correct-horse-battery"])).toHaveLength(1);
  });
});
