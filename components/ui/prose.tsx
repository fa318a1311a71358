/** A text in which what stands between backticks is code. */
export function Prose({ children }: { children: string }) {
  return children.split("`").map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a text's parts don't move
      <code key={i} className="font-mono text-[0.9em] break-words">
        {part}
      </code>
    ),
  );
}
