import { createHmac } from "node:crypto";

const { KEYTURN_URL, CLIENT_ID, CLIENT_SECRET, NEXTAUTH_SECRET } = process.env;

/** What is refreshed this long before it runs out. */
const EARLY_SECONDS = 30;

export const authOptions = {
  session: { strategy: "jwt" },
  providers: [
    {
      id: "keyturn",
      name: "Keyturn",
      type: "oauth",
      wellKnown: `${KEYTURN_URL}/.well-known/openid-configuration`,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      idToken: true,
      checks: ["pkce", "state", "nonce"],
      client: { id_token_signed_response_alg: "ES256" },
      authorization: { params: { scope: "openid profile email" } },
      profile: ({ sub, name, email }) => ({ id: sub, name, email }),
    },
  ],
  callbacks: {
    /** What the encrypted cookie holds: the tokens, renewed shortly before they run out. */
    async jwt({ token, account }) {
      if (account) return { ...token, ...kept(account, account.expires_at) };
      if (nowSeconds() < token.expiresAt - EARLY_SECONDS) return token;
      return refreshed(token);
    },
    /** What pages are told: no token. */
    session({ session, token }) {
      session.user.id = token.sub;
      session.error = token.error;
      return session;
    },
  },
};

/**
 * The next pair. The key is made of the token, so that two renders at once, and one whose cookie was lost, get the same
 * pair: a refresh token works once.
 */
async function refreshed(token) {
  const answer = await fetch(`${KEYTURN_URL}/oauth/token`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString("base64")}`,
      "Idempotency-Key": createHmac("sha256", NEXTAUTH_SECRET).update(token.refresh).digest("base64url"),
    },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: token.refresh }),
  }).catch(() => null);
  if (answer?.status === 400) return { ...token, error: "LogInAgain" };
  if (!answer?.ok) return token;
  const tokens = await answer.json();
  return { ...token, ...kept(tokens, nowSeconds() + tokens.expires_in) };
}

function kept({ access_token, refresh_token, id_token }, expiresAt) {
  return { access: access_token, refresh: refresh_token, idToken: id_token, expiresAt };
}

function nowSeconds() {
  return Math.floor(Date.now() / 1000);
}
