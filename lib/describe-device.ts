import Bowser from "bowser";

/** What a User-Agent header says of the program that sent it, in words people use; null where it says nothing. */
export function describeDevice(userAgent: string): {
  browser: string | null;
  os: string | null;
  device: string | null;
} {
  const { browser, os, platform } = Bowser.parse(userAgent || " ");
  return { browser: browser.name || null, os: os.name || null, device: platform.type || null };
}

/** The kind of device in a few words, without versions: "Firefox on Linux". */
export function nameDevice(userAgent: string): string {
  const { browser, os } = describeDevice(userAgent);
  return [browser, os].filter(Boolean).join(" on ") || "an unknown device";
}
