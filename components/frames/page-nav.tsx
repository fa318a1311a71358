import Link from "next/link";
import { LinkPending } from "@/components/ui/link-pending.tsx";

export type Place<Path extends string = string> = readonly [path: Path, name: string];

/** A way between pages that belong together. It wraps where the window is narrow, so nothing is out of sight. */
export function PageNav({ label, places, at }: { label: string; places: readonly Place[]; at: string }) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-x-4 sm:gap-x-6">
        {places.map(([path, name]) => (
          <li key={path}>
            <Link
              href={path}
              prefetch={false}
              aria-current={path === at ? "page" : undefined}
              className="relative flex min-h-11 items-center border-b-2 border-transparent text-quiet hover:text-ink aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink"
            >
              {name}
              <LinkPending />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
