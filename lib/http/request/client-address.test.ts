import { expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

const PROXY = "10.0.0.1";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["203.0.113.7:5678", "203.0.113.7"],
  ["2001:DB8::1", "2001:db8::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["[2001:db8::1]:443", "2001:db8::1"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["fe80::1%eth0", "fe80::1"],
  ["198.51.100.1, 203.0.113.7:80", "203.0.113.7"],
])("a proxy that says %s names %s", (forwardedFor, address) => {
  expect(clientAddress(forwardedFor, PROXY, 1)).toBe(address);
});

it.each([
  "unknown",
  "_hidden",
  "203.0.113.7:",
  "203.0.113.7:x",
  "[203.0.113.7",
  "[]",
  "999.1.1.1:80",
  "2001:db8::1]:1",
])("a proxy that says %s names nobody", (forwardedFor) =>
  expect(clientAddress(forwardedFor, PROXY, 1)).toBeNull());

it("without a trusted proxy the header is the client's own claim", () => {
  expect(clientAddress("203.0.113.7", "198.51.100.1", 0)).toBe("198.51.100.1");
});
