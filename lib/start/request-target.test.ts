import { expect, it } from "vitest";
import { isPlainTarget } from "./request-target.ts";

it.each([
  "/",
  "/api/token",
  "/api/token/",
  "/login?next=//evil.example/../x",
  "/.well-known/jwks.json",
  "/a/...",
  "/a/.b/c..",
  "/_next/static/chunks/%5Broot%5D.js",
])("takes %s", (target) => {
  expect(isPlainTarget(target)).toBe(true);
});

it.each([
  "",
  "*",
  "api/token",
  "http://localhost:3000/api/token",
  "//evil.example/",
  "/x/../api/token",
  "/x/%2e%2E/api/token",
  "/x/.%2e/api/token",
  "/./api/token",
  "/api/token/..",
  "/api//token",
  "/api\\token",
  "/x/..%5capi/token",
  "/api/token#x",
])("refuses %s", (target) => {
  expect(isPlainTarget(target)).toBe(false);
});
