import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Keyturn", template: "%s · Keyturn" },
  description: "Log-in that a product can host itself.",
};

/** No page is prerendered: each has a nonce of its own. */
export const dynamic = "force-dynamic";

export const viewport: Viewport = { colorScheme: "light dark" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
