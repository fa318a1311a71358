/** Where a log-in leads unless it was asked for elsewhere. */
const HOME_PATH = "/account/sessions";

const PAGES = /^\/(account|admin|docs)(\/[A-Za-z0-9_-]+)*$/;

/**
 * Where `?next=` may lead: to one of our own pages that need a log-in, spelt plainly; never to another host, to /api,
 * or anywhere by a scheme, a backslash, an encoding or a query (ASVS 3.7.2).
 */
export function safeNextPath(next: unknown): string {
  return typeof next === "string" && PAGES.test(next) ? next : HOME_PATH;
}
