/** A postgres:// URL: what stands before the hosts, the hosts, and what follows. */
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?]*)([^?]*)(.*)$/;
const SESSION_ATTRIBUTES = "target_session_attrs";
/** What a server must be asked for by: the one that takes writes, under either of libpq's names. */
const TAKES_WRITES = ["read-write", "primary"];

/**
 * A URL for each host of a postgres:// URL, which may name several as libpq allows: `host1:5432,host2:5432`. Of several,
 * the one that takes writes is used, so `target_session_attrs` is read here and goes no further; null for what is no
 * such URL, or asks for a server that takes none.
 */
export function splitHosts(url: string): [string, ...string[]] | null {
  const [, before, hosts = "", path = "", query = ""] = PARTS.exec(url) ?? [];
  if (before === undefined) return null;
  const parameters = new URLSearchParams(query);
  const asked = parameters.get(SESSION_ATTRIBUTES);
  if (asked !== null && !TAKES_WRITES.includes(asked)) return null;
  parameters.delete(SESSION_ATTRIBUTES);
  const rest = asked === null ? query : parameters.size > 0 ? `?${parameters}` : "";
  const [first = "", ...others] = hosts.split(",");
  if (others.length > 0 && [first, ...others].includes("")) return null;
  const urls: [string, ...string[]] = [
    before + first + path + rest,
    ...others.map((host) => before + host + path + rest),
  ];
  return urls.every((one) => URL.canParse(one)) ? urls : null;
}

/** The same URL with `host`, one of those that `splitHosts` made of it, before the others. */
export function withFirst(urls: string[], first: string): string {
  const [, before = "", , path = "", query = ""] = PARTS.exec(first) ?? [];
  const hosts = [first, ...urls.filter((url) => url !== first)].map((url) => PARTS.exec(url)?.[2]);
  return before + hosts.join(",") + path + query;
}
