import Bowser from "bowser";

/**
 * Programs that say no more than their own name. They are listed because anybody writes this header, and mails repeat
 * what is made of it.
 */
const PROGRAMS = ["curl", "python-requests", "okhttp"];

/** What a User-Agent header says of the program that sent it, in words people use; null where it says nothing. */
export function describeDevice(userAgent: string): {
  browser: string | null;
  os: string | null;
  device: string | null;
} {
  const { browser, os, platform } = Bowser.parse(userAgent || " ");
  const program = PROGRAMS.find((name) => userAgent.startsWith(`${name}/`));
  const isChromebook = os.name === "Chrome OS";
  return {
    browser: browser.name?.replace(" for Android", "") || program || null,
    os: (platform.model === "iPad" ? "iPadOS" : os.name) || null,
    device: platform.type || (isChromebook ? "desktop" : null),
  };
}

/** The kind of device in a few words, without versions: "Firefox on Linux". */
export function nameDevice(userAgent: string): string {
  const { browser, os } = describeDevice(userAgent);
  return [browser, os].filter(Boolean).join(" on ") || "an unknown device";
}
