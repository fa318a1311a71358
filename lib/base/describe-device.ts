import Bowser from "bowser";

/** Programs by how their User-Agent begins; each name is ours, since anybody writes that header and mails repeat it. */
const PROGRAMS: readonly [start: string, name: string][] = [
  ["aiohttp/", "aiohttp"],
  ["Apache-HttpClient/", "Apache HttpClient"],
  ["axios/", "axios"],
  ["Bun/", "Bun"],
  ["curl/", "curl"],
  ["Dart/", "a Dart app"],
  ["Deno/", "Deno"],
  ["Faraday ", "a Ruby program"],
  ["Go-http-client/", "a Go program"],
  ["GuzzleHttp/", "Guzzle"],
  ["got ", "got"],
  ["HTTPie/", "HTTPie"],
  ["insomnia/", "Insomnia"],
  ["Java/", "a Java program"],
  ["Java-http-client/", "a Java program"],
  ["libwww-perl/", "a Perl program"],
  ["node", "Node.js"],
  ["okhttp/", "okhttp"],
  ["PostmanRuntime/", "Postman"],
  ["python-httpx/", "httpx"],
  ["python-requests/", "python-requests"],
  ["Python-urllib/", "a Python program"],
  ["reqwest/", "a Rust program"],
  ["Ruby", "a Ruby program"],
  ["undici", "Node.js"],
  ["Wget/", "Wget"],
];

const BROWSERS = new Set<string>(Object.values(Bowser.BROWSER_MAP).filter((name) => name !== "Generic"));
const SYSTEMS = new Set<string>(Object.values(Bowser.OS_MAP));
const KINDS = new Set(["desktop", "mobile", "tablet", "tv", "bot"]);

/** The words that stand for a program that sent a request; null where nothing is known. */
type Described = { browser: string | null; os: string | null; device: string | null };

/**
 * What a User-Agent header says of the program that sent it, in words people use. Every word is from a list: what a
 * stranger wrote into the header is never repeated, for it would stand in genuine mails.
 */
export function describeDevice(userAgent: string): Described {
  const program = PROGRAMS.find(([start]) => startsWithWord(userAgent, start));
  if (program) return { browser: program[1], os: null, device: null };
  if (/ CFNetwork\/[\d.]+ Darwin\/[\d.]+/.test(userAgent))
    return { browser: "an app", os: "iOS or macOS", device: null };
  return describeBrowser(userAgent);
}

/** The kind of device in a few words, without versions: "Firefox on Linux". */
export function nameDevice(userAgent: string): string {
  const { browser, os } = describeDevice(userAgent);
  return [browser, os].filter(Boolean).join(" on ") || "an unknown device";
}

function describeBrowser(userAgent: string): Described {
  const { browser, os, platform } = Bowser.parse(userAgent || " ");
  // An iPad that asks for the pages of a desktop says that it is a Mac, but for this word.
  const isTablet = platform.model === "iPad" || /Macintosh.* Mobile\//.test(userAgent);
  const name = userAgent.includes("HeadlessChrome/") ? "Headless Chrome" : known(browser.name, BROWSERS);
  return {
    browser: name?.replace(" for Android", "") ?? null,
    os: isTablet ? "iPadOS" : known(os.name, SYSTEMS),
    device: isTablet
      ? "tablet"
      : (known(platform.type, KINDS) ?? (os.name === "Chrome OS" ? "desktop" : null)),
  };
}

/** Whether the text is that word, or goes on after it as a header of that program does. */
function startsWithWord(userAgent: string, start: string): boolean {
  if (!userAgent.startsWith(start)) return false;
  return /[/ ]$/.test(start) || /^(?:$|[/ ])/.test(userAgent.slice(start.length));
}

function known(word: string | undefined, list: Set<string>): string | null {
  return word !== undefined && list.has(word) ? word : null;
}
