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
