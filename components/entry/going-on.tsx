/** What a log-in is for, where that is no page of ours. */
export function GoingOn({ to }: { to: string | null }) {
  if (to === null) return null;
  return (
    <>
      To go on to <strong className="font-semibold break-words text-ink">{to}</strong>.
    </>
  );
}
