/** A few lines to read or copy, scrolling sideways where they don't fit; reachable by keyboard for that. */
export function CodeSample({ label, children }: { label: string; children: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: neither a set of fields nor a landmark; a page may hold many
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className="overflow-x-auto rounded-xl border border-line bg-surface p-5"
    >
      <pre className="font-mono text-small">
        <code>{children}</code>
      </pre>
    </div>
  );
}
