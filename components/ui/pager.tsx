import { LinkButton } from "./link-button.tsx";

/** The way through a list that is shown page by page, newest first; its filters stay. */
export function Pager({
  label,
  path,
  query,
  next,
}: {
  label: string;
  path: string;
  /** What this page was asked with. */
  query: URLSearchParams;
  next: string | null;
}) {
  const isNewest = !query.has("cursor");
  if (isNewest && !next) return null;
  return (
    <nav aria-label={label} className="flex flex-wrap gap-3">
      {!isNewest && (
        <LinkButton look="quiet" href={withCursor(path, query, null)}>
          Newest
        </LinkButton>
      )}
      {next && (
        <LinkButton look="quiet" href={withCursor(path, query, next)}>
          Older
        </LinkButton>
      )}
    </nav>
  );
}

function withCursor(path: string, query: URLSearchParams, cursor: string | null): string {
  const asked = new URLSearchParams([...query].filter(([key, value]) => key !== "cursor" && value !== ""));
  if (cursor) asked.set("cursor", cursor);
  return asked.size > 0 ? `${path}?${asked}` : path;
}
