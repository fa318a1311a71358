import Link from "next/link";

const PLACES = [
  ["/account", "Profile"],
  ["/account/sessions", "Devices"],
  ["/account/security", "Security"],
  ["/account/activity", "Activity"],
] as const;
const ADMIN = ["/admin", "Admin"] as const;

/** The pages a logged-in person moves between. */
export type AccountPlace = (typeof PLACES)[number][0] | (typeof ADMIN)[0];

/** The way between a logged-in person's pages. It wraps where the window is narrow, so nothing is out of sight. */
export function AccountNav({ at, role }: { at: AccountPlace; role: "user" | "admin" }) {
  const places = role === "admin" ? [...PLACES, ADMIN] : PLACES;
  return (
    <nav aria-label="Account">
      <ul className="flex flex-wrap gap-x-6">
        {places.map(([path, name]) => (
          <li key={path}>
            <Link
              href={path}
              prefetch={false}
              aria-current={path === at ? "page" : undefined}
              className="flex min-h-11 items-center border-b-2 border-transparent text-quiet hover:text-ink aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
