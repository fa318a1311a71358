import { z } from "zod";
import type { Moment } from "@/lib/app/call.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";

export type HintedSession = { clientId: string; userId: string; sessionId: string };

const IdToken = z.object({
  iss: z.string(),
  aud: z.uuid(),
  sub: z.uuid(),
  sid: z.uuid(),
  token_type: z.undefined().optional(),
});

/** Whom an ID token of ours was about, however old it is; null for anything that we did not sign as one. */
export async function readIdTokenHint({ app }: Moment, token: string): Promise<HintedSession | null> {
  const { data } = IdToken.safeParse(await verifyJwt(app.tokens.keys.id, token));
  if (!data || data.iss !== app.settings.APP_URL) return null;
  return { clientId: data.aud, userId: data.sub, sessionId: data.sid };
}
