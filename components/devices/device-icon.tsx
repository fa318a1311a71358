const SHAPES = {
  mobile: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm3 15h2",
  tablet: "M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm5 15h2",
  desktop: "M4 5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Zm5 15h6m-3-4v4",
  unknown: "M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Zm3 4 3 3-3 3m5 0h3",
};

/** A phone, a tablet, a computer, or a terminal where nobody knows. */
export function DeviceIcon({ device }: { device: string | null }) {
  const shape = SHAPES[(device ?? "unknown") as keyof typeof SHAPES] ?? SHAPES.unknown;
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-7 shrink-0 text-quiet"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <path d={shape} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
