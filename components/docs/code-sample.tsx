/** A few lines to read or copy, whole on any width. */
export function CodeSample({ label, children }: { label: string; children: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: neither a set of fields nor a landmark; a page may hold many
    <div role="group" aria-label={label} className="rounded-xl border border-line bg-surface p-5">
      <pre className="font-mono text-small whitespace-pre-wrap wrap-anywhere">
        <code>{children}</code>
      </pre>
    </div>
  );
}
