import { HOME_PATH } from "./next-path.ts";

/** What pages on the way to a log-in hand on: where a browser is going is kept on the server, under this. */
export type Onward = {
  /** Behind the address of the next page on the way: `?to=…`, or nothing. */
  query: string;
  /** Where the browser goes once its person is logged in. */
  done: string;
};

/** To the first page of an account, as long as nothing else was asked for. */
export const HOMEWARD: Onward = { query: "", done: HOME_PATH };

/** @param to the id of what is kept */
export function onwardTo(to: string): Onward {
  const query = `?to=${encodeURIComponent(to)}`;
  return { query, done: `/continue${query}` };
}
