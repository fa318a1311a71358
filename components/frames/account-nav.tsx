import { PageNav } from "./page-nav.tsx";

const PLACES = [
  ["/account", "Profile"],
  ["/account/sessions", "Devices"],
  ["/account/security", "Security"],
  ["/account/activity", "Activity"],
] as const;
const ADMIN = ["/admin", "Admin"] as const;

/** The pages a logged-in person moves between. */
export type AccountPlace = (typeof PLACES)[number][0] | (typeof ADMIN)[0];

/** The way between a logged-in person's pages; an admin has one more. */
export function AccountNav({ at, role }: { at: AccountPlace; role: "user" | "admin" }) {
  return <PageNav label="Account" places={role === "admin" ? [...PLACES, ADMIN] : PLACES} at={at} />;
}
