import { expect, it } from "vitest";
import { instant } from "@/lib/base/clock.ts";
import { securityContact } from "./security-contact.ts";

const NOW = instant("2026-03-01T12:00:00.000Z");
const contact = (address: string) =>
  securityContact({ from: { name: "Keyturn", address }, appUrl: "https://login.example.com" }, NOW);

it("says whom to tell, until when that is true, and where it stands (RFC 9116)", () => {
  expect(contact("login@example.com").split("\n")).toEqual([
    "Contact: mailto:login@example.com",
    "Expires: 2026-05-30T12:00:00.000Z",
    "Preferred-Languages: en",
    "Canonical: https://login.example.com/.well-known/security.txt",
    "Policy: https://login.example.com/docs#security",
    "",
  ]);
});

it("an address with signs of its own stays one address, and one line", () => {
  expect(contact("a+b?c&d%0a@example.com")).toContain("Contact: mailto:a%2Bb%3Fc%26d%250a@example.com\n");
});
