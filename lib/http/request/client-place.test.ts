import { describe, expect, it } from "vitest";
import { clientPlace } from "./client-place.ts";

const from = (headers: Record<string, string>, trustedProxies = 1) =>
  clientPlace({ get: (name) => headers[name] ?? null }, trustedProxies);

describe("a place", () => {
  it.each([
    [{ "cf-ipcity": "Berlin", "cf-ipcountry": "DE" }, "Berlin, Germany"],
    [{ "x-vercel-ip-city": "S%C3%A3o%20Paulo", "x-vercel-ip-country": "BR" }, "São Paulo, Brazil"],
    [{ "cloudfront-viewer-city": "Ghent", "cloudfront-viewer-country-name": "Belgium" }, "Ghent, Belgium"],
    [{ "x-geo-city": "Nairobi", "x-geo-country": "ke" }, "Nairobi, Kenya"],
    [{ "cf-ipcity": Buffer.from("Zürich").toString("latin1"), "cf-ipcountry": "CH" }, "Zürich, Switzerland"],
    [{ "cf-ipcountry": "DE" }, "Germany"],
    [{ "cf-ipcity": "Berlin" }, "Berlin"],
    [{ "cf-ipcity": "", "cf-ipcountry": "XX", "x-geo-city": "Oslo", "x-geo-country": "NO" }, "Oslo, Norway"],
  ])("is read from %j", (headers, place) => {
    expect(from(headers)).toBe(place);
  });

  it.each(["XX", "xx", "T1", "ZZ", "QX"])("is not named after %s, which is no country", (code) => {
    expect(from({ "cf-ipcountry": code })).toBeNull();
  });

  it("is nobody's claim: without a trusted proxy the headers say nothing", () => {
    expect(from({ "cf-ipcity": "Berlin", "cf-ipcountry": "DE" }, 0)).toBeNull();
  });

  it("is null where no header came", () => {
    expect(from({})).toBeNull();
  });

  it("has one line, no character that can't be seen, and at most 100 of them", () => {
    expect(from({ "x-geo-city": "Ber%0D%0Alin%00%E2%80%AE%1B[31m", "x-geo-country": "DE" })).toBe(
      "Ber lin [31m, Germany",
    );
    expect(from({ "x-geo-city": "x".repeat(5_000), "x-geo-country": "DE" })).toBe("x".repeat(100));
    expect(from({ "x-geo-city": "%F0%9F%97%9D".repeat(200) })).toBe("🗝".repeat(100));
  });

  it.each(["%", "%zz", "%C3%28", "%ff", "Ber%lin"])("is not read from %j, which encodes nothing", (city) => {
    expect(from({ "x-geo-city": city, "x-geo-country": "DE" })).toBe("Germany");
  });
});
