import { describe, expect, it } from "vitest";
import { clientNetwork } from "./rate-limit.ts";

describe("clientNetwork", () => {
  it.each([
    "192.0.2.7",
    "203.0.113.66",
    "0.0.0.0",
  ])("counts the IPv4 address %s by itself, for it is one customer's", (ip) => {
    expect(clientNetwork(ip)).toBe(ip);
  });

  it("counts clients whose address is unknown together", () => {
    expect(clientNetwork(null)).toBe("unknown");
  });

  it.each([
    "2001:db8:0:7::",
    "2001:db8:0:7::1",
    "2001:db8:0:7:ffff:ffff:ffff:ffff",
    "2001:0db8:0000:0007:0000:0000:0000:0001",
    "2001:DB8:0:7:A:B:C:D",
    "2001:db8::7:0:0:0:1",
    "2001:db8::7:a:b:c:d",
    "2001:db8:0:7:0::1",
    "2001:db8:0:7:a:b:c::",
    "2001:db8:0:7::192.0.2.1",
    "2001:db8::7:0:0:192.0.2.1",
    "2001:db8:0:7:a:b:192.0.2.1",
    "2001:db8:0:7::1%eth0",
  ])("knows the customer who holds 2001:db8:0:7::/64 in the spelling %s", (ip) => {
    expect(clientNetwork(ip)).toBe("2001:db8:0:7::/64");
  });

  it.each([
    ["2001:db8:0:8::1", "2001:db8:0:8::/64"],
    ["2001:db8:0:70::1", "2001:db8:0:70::/64"],
    ["2001:db8:7::1", "2001:db8:7:0::/64"],
    ["2001:db8:7:0:7::1", "2001:db8:7:0::/64"],
    ["2001:db8::7", "2001:db8:0:0::/64"],
    ["1::", "1:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::7:0:0:0:1", "0:0:0:7::/64"],
    ["1:2:3:4:5:6:7::", "1:2:3:4::/64"],
    ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("counts %s by its /64, %s, and no wider or narrower", (ip, network) => {
    expect(clientNetwork(ip)).toBe(network);
  });

  it.each([
    "::ffff:192.0.2.7",
    "::FFFF:192.0.2.7",
    "::ffff:c000:207",
    "0:0:0:0:0:ffff:c000:0207",
    "0000:0000:0000:0000:0000:FFFF:192.0.2.7",
  ])("knows the IPv4 client 192.0.2.7 in the spelling %s, and puts no other with it", (ip) => {
    expect(clientNetwork(ip)).toBe("192.0.2.7");
  });
});
