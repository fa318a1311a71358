import { ErrorResponse, UserManager, WebStorageStateStore } from "oidc-client-ts";

const HERE = `${location.origin}/`;

/** `KEYTURN_URL` and `CLIENT_ID` are put in by start.js. */
export const auth = new UserManager({
  authority: KEYTURN_URL,
  client_id: CLIENT_ID,
  redirect_uri: HERE,
  post_logout_redirect_uri: HERE,
  scope: "openid profile email",
  userStore: new WebStorageStateStore({ store: localStorage }),
  automaticSilentRenew: false,
});

/** Who is here, once for each page: a browser that comes back from the log-in brings what ends it. */
export const arrival = arrive();

async function arrive() {
  const said = new URLSearchParams(location.search);
  if (!said.has("code") && !said.has("error")) return whoIsHere();
  history.replaceState(null, "", "/");
  return auth.signinRedirectCallback(`${HERE}?${said}`);
}

/**
 * Somebody with an access token for at least half a minute, or null. A refresh token works once, so that the tabs of one
 * browser take turns: whoever comes second finds what the first one stored.
 */
export function whoIsHere() {
  return navigator.locks.request("renew", async () => {
    const user = await auth.getUser();
    if (!user || user.expires_in > 30) return user;
    return auth.signinSilent().catch(async (fault) => {
      if (!(fault instanceof ErrorResponse)) throw fault;
      await auth.removeUser();
      return null;
    });
  });
}

/** Calls an API in this person's name. */
export async function call(url) {
  const user = await whoIsHere();
  if (!user) throw new Error("Nobody is logged in.");
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${user.access_token}` } });
  if (!answer.ok) throw new Error(`The API answered ${answer.status}.`);
  return answer.json();
}
