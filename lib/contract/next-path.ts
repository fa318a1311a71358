/** Where a log-in leads unless it was asked for elsewhere. */
export const HOME_PATH = "/account/sessions";

/** Where people set up what the operator asks them for; until then it is the only page of theirs. */
export const SET_UP_PAGE = "/account/security";

const PAGES = /^\/(account|admin|docs)(\/[A-Za-z0-9_-]+)*\/?$/;

/** Longer ones would outgrow a request's headers where the way to the log-in encodes them again. */
const QUERY_MAX_CHARACTERS = 1_000;
const QUERY = /^([\w.*+=&@:~-]|%[0-9A-Fa-f]{2})+$/;
const NAME = /^[a-z_]+$/;
const NETWORK = /^[0-9A-Fa-f.:]+\/\d{1,3}$/;
/** Nothing that a reader of URLs takes for the way to a place, and nothing that can't be seen. */
const NO_VALUE = /[\\/\p{C}\uFFFD]/u;

/**
 * Where `?next=` may lead: to one of our own pages that need a log-in, spelt plainly, with its filters; never to another
 * host, to /api, or anywhere by a scheme, a backslash, an encoding or another `next` (ASVS 3.7.2).
 */
export function safeNextPath(next: unknown): string {
  return typeof next === "string" && isOurPage(next) ? next : HOME_PATH;
}

/** The way back to a page of ours as it was asked for; without its query where `?next=` may not lead to that. */
export function wayBack(path: string, query: URLSearchParams): string {
  const set = new URLSearchParams([...query].filter(([, value]) => value !== ""));
  const asked = set.size > 0 ? `${path}?${set}` : path;
  return isOurPage(asked) ? asked : path;
}

/** Whether this is the address of such a page. */
export function isOurPage(next: string): boolean {
  const [path = "", ...queries] = next.split("?");
  return PAGES.test(path) && queries.length <= 1 && queries.every(isPlain);
}

function isPlain(query: string): boolean {
  if (query.length > QUERY_MAX_CHARACTERS || !QUERY.test(query)) return false;
  return [...new URLSearchParams(query)].every(([name, value]) => {
    const harmless = !NO_VALUE.test(value) || NETWORK.test(value);
    return NAME.test(name) && name !== "next" && harmless;
  });
}
