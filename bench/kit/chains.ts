import type { Answer } from "./keep-alive.ts";
import { requestText } from "./keep-alive.ts";
import type { Chain } from "./load.ts";
import type { Holder } from "./seed.ts";

const REFRESH_FIELD = '"refresh":"';

/** Sends the same request for ever and insists on 200. */
export function repeat(request: string): Chain {
  return { next: () => request, take: insistOnSuccess };
}

/**
 * Refreshes the holders' sessions in turn, each with the token that its last refresh brought. The holders keep their
 * tokens, so that a later round goes on from there.
 */
function refreshInTurn(holders: Holder[]): Chain {
  let turn = 0;
  const holder = () => holders[turn] as Holder;
  return {
    next: () => refreshRequest(holder().refresh),
    take(answer) {
      insistOnSuccess(answer);
      const start = answer.body.indexOf(REFRESH_FIELD) + REFRESH_FIELD.length;
      holder().refresh = answer.body.slice(start, answer.body.indexOf('"', start));
      turn = (turn + 1) % holders.length;
    },
  };
}

/** Deals the holders out to `count` chains, so that no two chains refresh the same session. */
export function refreshChains(holders: Holder[], count: number): Chain[] {
  return Array.from({ length: count }, (_, i) =>
    refreshInTurn(holders.filter((_holder, at) => at % count === i)),
  );
}

export function refreshRequest(refresh: string): string {
  return requestText("POST", "/api/token/refresh", {}, `{"refresh":"${refresh}"}`);
}

function insistOnSuccess({ status, body }: Answer): void {
  if (status !== 200) throw new Error(`an answer was ${status}: ${body.slice(0, 200)}`);
}
