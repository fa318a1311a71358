import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";

/** Filters of a list. They stand in the URL, so that a view can be kept, shared and gone back to. */
export function FilterForm({
  path,
  filtered,
  children,
}: {
  path: string;
  /** Whether any filter is set. */
  filtered: boolean;
  children: ReactNode;
}) {
  return (
    <form method="get" action={path} className="flex flex-wrap items-start gap-x-4 gap-y-3">
      {children}
      <div className="flex flex-wrap gap-3 self-end">
        <Button type="submit" native>
          Filter
        </Button>
        {filtered && (
          <LinkButton look="quiet" href={path}>
            Clear
          </LinkButton>
        )}
      </div>
    </form>
  );
}
