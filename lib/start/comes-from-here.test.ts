import { expect, it } from "vitest";
import { comesFromHere } from "./comes-from-here.ts";

it.each([
  ["127.0.0.1", "127.0.0.1"],
  ["127.0.0.1", "127.0.0.2"],
  ["::ffff:127.0.0.1", "::ffff:127.0.0.1"],
  ["::1", "::1"],
  ["192.168.1.20", "192.168.1.20"],
])("%s, connected to %s, is on this machine", (remoteAddress, localAddress) => {
  expect(comesFromHere({ remoteAddress, localAddress })).toBe(true);
});

it.each([
  ["192.168.1.21", "192.168.1.20"],
  ["::ffff:192.168.1.21", "::ffff:192.168.1.20"],
  ["fe80::1", "fe80::2"],
  ["::1:2", "::1:3"],
  ["1.127.0.1", "192.168.1.20"],
  [undefined, "127.0.0.1"],
])("%s, connected to %s, is not", (remoteAddress, localAddress) => {
  expect(comesFromHere({ remoteAddress, localAddress })).toBe(false);
});
