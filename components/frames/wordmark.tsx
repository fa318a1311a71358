/** The name beside its mark: a key's bow and bit, turned a quarter. */
export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2.5 font-semibold tracking-tight">
      <svg
        viewBox="0 0 24 24"
        className="size-6 text-accent"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        aria-hidden="true"
      >
        <circle cx="8" cy="8" r="5" />
        <path d="m11.8 11.8 8.7 8.7m-5-5 2.6-2.6m.4 5.6 2-2" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      Keyturn
    </span>
  );
}
