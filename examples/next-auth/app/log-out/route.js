import { getToken } from "next-auth/jwt";

const { KEYTURN_URL, NEXTAUTH_URL, CLIENT_ID } = process.env;
const SESSION_COOKIE = /^(?:__Secure-)?next-auth\.session-token(?:\.\d+)?$/;

/** Logs out here, and then at Keyturn, which sends the browser back. */
export async function POST(request) {
  const token = await getToken({ req: request });
  const asked = new URLSearchParams({ client_id: CLIENT_ID, post_logout_redirect_uri: `${NEXTAUTH_URL}/` });
  if (token) asked.set("id_token_hint", token.idToken);
  const headers = new Headers({ Location: `${KEYTURN_URL}/oauth/logout?${asked}` });
  for (const { name } of request.cookies.getAll()) {
    const secure = name.startsWith("__Secure-") ? "; Secure" : "";
    if (SESSION_COOKIE.test(name)) headers.append("Set-Cookie", `${name}=; Path=/; Max-Age=0${secure}`);
  }
  return new Response(null, { status: 303, headers });
}
