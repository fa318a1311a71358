import { describe, expect, it } from "vitest";
import { describeDevice, nameDevice } from "./describe-device.ts";

const ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko)";
const CHROMEBOOK = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko)";
const IPAD = "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)";
const SAFARI = "Version/18.5 Mobile/15E148 Safari/604.1";

describe("a browser", () => {
  it.each([
    [`${MAC} Chrome/147.0.0.0 Safari/537.36`, "Chrome on macOS", "desktop"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", "desktop"],
    [`${IPHONE} ${SAFARI}`, "Safari on iOS", "mobile"],
    [`${IPAD} ${SAFARI}`, "Safari on iPadOS", "tablet"],
    [`${IPAD} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1`, "Chrome on iPadOS", "tablet"],
    [
      `${ANDROID} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36`,
      "Samsung Internet on Android",
      "mobile",
    ],
    [`${CHROMEBOOK} Chrome/131.0.0.0 Safari/537.36`, "Chrome on Chrome OS", "desktop"],
  ])("that says %j is %s", (userAgent, name, device) => {
    expect(nameDevice(userAgent)).toBe(name);
    expect(describeDevice(userAgent).device).toBe(device);
  });
});

describe("a program", () => {
  it.each([
    ["curl/8.5.0", "curl"],
    ["python-requests/2.32.3", "python-requests"],
    ["okhttp/4.12.0", "okhttp"],
    ["okhttp/4.12.0 (a comment)", "okhttp"],
  ])("that says %j is %s, on nobody knows what", (userAgent, browser) => {
    expect(describeDevice(userAgent)).toEqual({ browser, os: null, device: null });
  });
});

it.each([
  "",
  " ",
  "curl",
  "curly/1.0",
  "not curl/8.5.0",
  "Call-0900-123/1.0",
  "constructor/1.0",
  "<b>curl</b>/8.5.0",
])("nothing is said of %j, which anybody can write", (userAgent) => {
  expect(describeDevice(userAgent)).toEqual({ browser: null, os: null, device: null });
  expect(nameDevice(userAgent)).toBe("an unknown device");
});
