"use client";

import { useEffect } from "react";

/** Shows nothing. Loads the page anew when what it shows has run out, so that it says so by itself; not offline. */
export function ReloadAfter({ seconds }: { seconds: number }) {
  useEffect(() => {
    const timer = setTimeout(() => {
      if (navigator.onLine) window.location.reload();
    }, seconds * 1000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return null;
}
