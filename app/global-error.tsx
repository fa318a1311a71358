"use client";

import { TryAgain } from "@/components/frames/try-again.tsx";
import "./globals.css";

/** Where not even the layout could be made. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <title>Keyturn</title>
        <TryAgain />
      </body>
    </html>
  );
}
