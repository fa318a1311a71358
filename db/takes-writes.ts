import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { splitHosts, withFirst } from "./hosts.ts";

const ANSWER_WITHIN_MS = 2_000;

/** Whether a server can be reached now, lets us in and takes writes. One that is silent does not. */
async function takesWrites(url: string): Promise<boolean> {
  const sql = postgres(url, {
    max: 1,
    prepare: false,
    fetch_types: false,
    connect_timeout: ANSWER_WITHIN_MS / 1_000,
    onnotice: () => {},
    connection: { application_name: "keyturn" },
  });
  const asked = sql<
    { takes: boolean }[]
  >`select current_setting('transaction_read_only') = 'off' as takes`.then(
    ([row]) => row?.takes === true,
    () => false,
  );
  const late = new AbortController();
  const silent = pause(ANSWER_WITHIN_MS, false, { signal: late.signal, ref: false }).catch(() => false);
  const takes = await Promise.race([asked, silent]);
  late.abort();
  void sql.end({ timeout: 0 });
  return takes;
}

/** The one of these servers that is the first to say that it takes writes; undefined when none does. */
export async function findTakingWrites(urls: string[]): Promise<string | undefined> {
  const asked = urls.map(async (url) => {
    if (await takesWrites(url)) return url;
    throw new Error("not this one");
  });
  return Promise.any(asked).catch(() => undefined);
}

/** A database URL with the host first that takes writes now; as it was, where there is one host or none takes any. */
export async function writableFirst(url: string): Promise<string> {
  const urls = splitHosts(url);
  if (!urls || urls.length === 1) return url;
  const found = await findTakingWrites(urls);
  return found ? withFirst(urls, found) : url;
}
