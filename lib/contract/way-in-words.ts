const WAYS: Record<string, string> = {
  pwd: "password",
  email: "e-mail code",
  otp: "authenticator app",
  hwk: "passkey",
  swk: "passkey",
  recovery: "recovery code",
};
/** What a way says of itself besides, and nobody has to read. */
const UNSAID = new Set(["mfa", "user"]);

/** How a session was proven, `amr`, as people say it: "password and e-mail code". A word nobody knows stays as it is. */
export function wayInWords(amr: string[]): string {
  const said = amr.filter((way) => !UNSAID.has(way));
  return [...new Set(said.map((way) => (Object.hasOwn(WAYS, way) ? WAYS[way] : way)))].join(" and ");
}
