import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Nothing } from "@/lib/contract/tokens.ts";
import { loadRouteTable } from "@/lib/http/lanes/route-table.ts";
import { operations } from "@/lib/reference/operations/operations.ts";
import type { Handler } from "./handler.ts";

/**
 * Not part of the API: every path that is not there, what is only there on one's own machine, the way on after a log-in,
 * and what speaks OAuth, which its own metadata describes (RFC 8414).
 */
const UNDESCRIBED = [
  "/api/[[...path]]",
  "/api/dev/mailbox",
  "/continue",
  "/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
  ...["authorize", "token", "userinfo", "revoke", "introspect", "logout"].map((call) => `/oauth/${call}`),
];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const table = await loadRouteTable(join(import.meta.dirname, "../../../app"));
const served = table.patterns
  .filter((pattern) => !UNDESCRIBED.includes(pattern))
  .flatMap((pattern) => {
    const { module } = table.match(pattern) ?? { module: {} as Record<string, Handler> };
    return METHODS.flatMap((method) => {
      const takes = module[method]?.takes;
      return takes ? [{ call: `${method} ${pattern.replaceAll("[", "{").replaceAll("]", "}")}`, takes }] : [];
    });
  });
const described = operations.map((operation) => ({
  call: `${operation.method.toUpperCase()} ${operation.path}`,
  operation,
}));

describe("the API's description", () => {
  it("names every call that a route answers, and no other, each once", () => {
    expect(described.map(({ call }) => call).sort()).toEqual(served.map(({ call }) => call).sort());
  });

  it.each(described)("$call: what is described is what the route parses, asks and takes", ({
    call,
    operation,
  }) => {
    const takes = served.find((each) => each.call === call)?.takes;
    const { request = Nothing, form = false, auth } = operation;
    expect(takes?.schema === request, "another schema than the route's").toBe(true);
    expect(takes?.form).toBe(form);
    expect(takes?.auth).toBe(auth === "metrics-token" ? "none" : auth);
  });

  it("gives each operation a name of its own", () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
  });
});
