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
    [`${MAC.replace("537.36", "605.1.15")} ${SAFARI}`, "Safari on iPadOS", "tablet"],
    [`${MAC} HeadlessChrome/147.0.0.0 Safari/537.36`, "Headless Chrome on macOS", "desktop"],
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
    ["Go-http-client/2.0", "a Go program"],
    ["axios/1.13.2", "axios"],
    ["node", "Node.js"],
    ["undici", "Node.js"],
    ["PostmanRuntime/7.51.0", "Postman"],
    ["Java-http-client/21.0.2", "a Java program"],
    ["Java/17.0.15", "a Java program"],
    ["Wget/1.21.3", "Wget"],
    ["GuzzleHttp/7", "Guzzle"],
    ["python-httpx/0.28.1", "httpx"],
    ["Dart/3.5 (dart:io)", "a Dart app"],
  ])("that says %j is %s, on nobody knows what", (userAgent, browser) => {
    expect(describeDevice(userAgent)).toEqual({ browser, os: null, device: null });
  });
});

it("an app of Apple's systems is an app, whatever it calls itself", () => {
  const said = describeDevice("Acme/214 CFNetwork/1490.0.4 Darwin/23.2.0");
  expect(said).toEqual({ browser: "an app", os: "iOS or macOS", device: null });
});

const CALL = "Call 0900 123 at once";
it.each([
  "a drill by our staff. Answer this mail with the code, or see https://evil.example/1 x",
  `${CALL}/1.0 (x)`,
  `Mozilla/5.0 (${CALL}) AppleWebKit/537.36`,
  `Mozilla/5.0 (${CALL}; ${CALL}) ${CALL}/1 Chrome/147.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (Linux; Android 14; ${CALL}) ${CALL}/5 x`,
  `Acme ${CALL}/1 CFNetwork/1490.0.4 Darwin/23.2.0`,
  `curl/${CALL}`,
  `node/${CALL}`,
  `Opera/9.80 (${CALL}) Presto/2.12 Version/${CALL}`,
  `Mozilla/5.0 (compatible; ${CALL}bot/1.0; +https://evil.example)`,
])("an attacker who writes %j gets none of it into a mail", (userAgent) => {
  const words = Object.values(describeDevice(userAgent)).join(" ") + nameDevice(userAgent);
  expect(words).not.toMatch(/0900|evil|staff|Acme/i);
  expect(words.length).toBeLessThan(80);
});

it.each([
  "",
  " ",
  "nodejs-drill/1",
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
