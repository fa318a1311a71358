import { expect, it } from "vitest";
import { makeDocument } from "./openapi/document.ts";
import { readOperations } from "./openapi/read-operation.ts";
import { searchCalls } from "./search-calls.ts";

const document = makeDocument({ appUrl: "https://login.example.com", version: "1.2.3" });
const calls = document.tags.flatMap(({ name }) => readOperations(document, name));
const found = (text: string) => searchCalls(calls, text).map(({ id }) => id);

it("finds a call by what it does, by its path and by its method", () => {
  expect(found("refresh a session")).toContain("refreshSession");
  expect(found("/api/token/refresh")).toEqual(["refreshSession"]);
  expect(found("delete /api/sessions")).toEqual(["revokeSession"]);
});

it("finds it by a field, a header or an error, in any case and order", () => {
  expect(found("TRUST_DEVICE")).toEqual(["answerChallenge"]);
  expect(found("key idempotency")).toEqual(["refreshSession"]);
  expect(found("two_factor_required")).toEqual(["logIn", "stepUp"]);
});

it("shows first what is named so", () => {
  expect(found("verify").slice(0, 3)).toEqual(["verifyToken", "verifyRegistration", "verifyEmailChange"]);
  expect(found("verify").length).toBeGreaterThan(3);
});

it.each(["", "  \n", "no such word anywhere"])("finds nothing for %j", (text) => {
  expect(found(text)).toEqual([]);
});
