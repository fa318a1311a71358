import { cookieName } from "@/lib/http/request/cookies.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { isLoopback } from "@/lib/settings/fields.ts";
import type { Finding } from "./check-mail.ts";

/**
 * Whether the number of proxies can be right. Keyturn speaks plain HTTP, so a deployment has at least the proxy that
 * speaks TLS; counted too low, everybody shares that proxy's address and its limits.
 */
export function checkProxies({ local, TRUSTED_PROXIES }: Settings): Finding {
  if (local) {
    return TRUSTED_PROXIES === 0
      ? { ok: true, detail: "TRUSTED_PROXIES is 0: addresses are those of the connections." }
      : {
          ok: true,
          detail: `TRUSTED_PROXIES is ${TRUSTED_PROXIES}; without a proxy in front, callers can claim any address.`,
        };
  }
  if (TRUSTED_PROXIES === 0) {
    return {
      ok: false,
      detail:
        "TRUSTED_PROXIES is 0, yet a proxy must speak TLS: everybody would share its address and its limits.",
    };
  }
  const entries = TRUSTED_PROXIES === 1 ? "entry" : `${TRUSTED_PROXIES} entries`;
  return { ok: true, detail: `The last ${entries} of X-Forwarded-For must be from proxies of yours.` };
}

/** What our cookies are, and which of the listed front ends can use them: SameSite=Lax goes to the same site only. */
export function checkCookies(settings: Settings): Finding {
  const { APP_URL, CORS_ORIGINS, https } = settings;
  const attributes = `${https ? "Secure, " : ""}HttpOnly, SameSite=Lax, Path=/`;
  const what = `${cookieName("refresh", settings)} is ${attributes}`;
  const others = CORS_ORIGINS.filter((origin) => !sameSite(origin, APP_URL));
  if (others.length === 0) return { ok: true, detail: `${what}.` };
  const front = others.length === 1 ? "It is" : "They are";
  return {
    ok: true,
    detail: `${what}. Not for ${others.join(", ")}: ${front} on another site than ${APP_URL} and must use tokens in JSON.`,
  };
}

/** Whether the listed front ends may safely read answers. */
export function checkCors({ APP_URL, CORS_ORIGINS, local }: Settings): Finding {
  if (CORS_ORIGINS.length === 0) return { ok: true, detail: "No other origin may read answers." };
  const own = CORS_ORIGINS.filter((origin) => origin === APP_URL);
  if (own.length > 0)
    return { ok: false, detail: "CORS_ORIGINS names APP_URL itself, which needs no leave; take it out." };
  const plain = local ? [] : CORS_ORIGINS.filter((origin) => origin.startsWith("http:"));
  const onThisMachine = plain.filter((origin) => isLoopback(new URL(origin).hostname));
  if (onThisMachine.length > 0) {
    return {
      ok: false,
      detail: `CORS_ORIGINS names ${onThisMachine.join(", ")}: any program on a person's machine could read answers there.`,
    };
  }
  if (plain.length > 0) {
    return {
      ok: false,
      detail: `CORS_ORIGINS names ${plain.join(", ")}: without https anybody on the way can change that page.`,
    };
  }
  return { ok: true, detail: `Answers may be read by ${CORS_ORIGINS.join(", ")}.` };
}

/** Same scheme, and one host below the other or both below one domain, as far as names alone can tell. */
function sameSite(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  if (a.protocol !== b.protocol) return false;
  const [left, right] = [a.hostname, b.hostname];
  const below = (host: string, above: string) => above.includes(".") && host.endsWith(`.${above}`);
  if (left === right || below(left, right) || below(right, left)) return true;
  const parent = right.slice(right.indexOf(".") + 1);
  return !/^[\d.]+$/.test(right) && below(left, parent);
}
