import type { CSSProperties } from "react";

const sans = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const mono = "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace";

/** Four sizes and no more. */
const small = { fontSize: 13, lineHeight: "20px" };
const body = { fontSize: 16, lineHeight: "25px" };
const title = { fontSize: 23, lineHeight: "30px" };
const large = { fontSize: 34, lineHeight: "42px" };

/** The palette of app/globals.css, as plain hex: mail programs know no `light-dark()`. */
const light = { ground: "#fbfaf8", card: "#ffffff", soft: "#f5f3ef", line: "#e3e0da" };
const ink = { strong: "#1d2326", quiet: "#596066", accent: "#0b6a63", onAccent: "#ffffff" };

/** Inline, because many mail programs drop style sheets. */
export const styles = {
  ground: { backgroundColor: light.ground, margin: 0, padding: 0, fontFamily: sans },
  page: { width: "100%", maxWidth: 560, margin: "0 auto" },
  brand: { ...small, color: ink.quiet, fontWeight: 600, letterSpacing: "0.01em", padding: "0 4px 14px" },
  mark: {
    border: `2px solid ${ink.accent}`,
    borderRadius: "50%",
    display: "inline-block",
    height: 7,
    marginRight: 8,
    width: 7,
  },
  card: {
    backgroundColor: light.card,
    border: `1px solid ${light.line}`,
    borderRadius: 12,
    padding: "32px 28px 28px",
  },
  heading: { ...title, color: ink.strong, fontWeight: 600, letterSpacing: "-0.012em", margin: "0 0 14px" },
  paragraph: { ...body, color: ink.strong, margin: "0 0 18px" },
  note: { ...small, color: ink.quiet, margin: "0 0 10px" },
  code: {
    ...large,
    backgroundColor: light.soft,
    borderRadius: 8,
    color: ink.strong,
    fontFamily: mono,
    fontWeight: 600,
    letterSpacing: "0.2em",
    padding: "18px 0 18px 0.2em",
    textAlign: "center",
  },
  block: { borderCollapse: "separate", margin: "4px 0 22px", width: "100%" },
  facts: { backgroundColor: light.soft, borderRadius: 8, padding: "14px 18px" },
  fact: { ...body, color: ink.strong, margin: 0 },
  factName: { ...small, color: ink.quiet, display: "inline-block", minWidth: 72 },
  button: {
    ...body,
    backgroundColor: ink.accent,
    borderRadius: 8,
    color: ink.onAccent,
    display: "inline-block",
    fontWeight: 600,
    padding: "11px 20px",
    textDecoration: "none",
  },
  address: { ...small, color: ink.quiet, wordBreak: "break-all" },
  addressLink: { color: ink.quiet, textDecoration: "underline" },
  link: { color: ink.accent, textDecoration: "underline" },
  rule: { border: 0, borderTop: `1px solid ${light.line}`, margin: "26px 0 18px" },
  footer: { padding: "16px 4px 0" },
  footnote: { ...small, color: ink.quiet, margin: 0 },
} satisfies Record<string, CSSProperties>;

/** The one style sheet: dark colours, and less air on a phone. Programs that drop it show the light mail. */
export const styleSheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .outer { padding: 20px 10px !important; }
  .card { padding: 26px 20px 22px !important; }
}
@media (prefers-color-scheme: dark) {
  .ground { background-color: #14171a !important; }
  .card { background-color: #1c2024 !important; border-color: #31373d !important; }
  .soft { background-color: #262b30 !important; }
  .strong { color: #eceae6 !important; }
  .quiet { color: #a5adb3 !important; }
  .link { color: #6fd1c5 !important; }
  .mark { border-color: #6fd1c5 !important; }
  .button { background-color: #6fd1c5 !important; color: #0d1a19 !important; }
  .rule { border-color: #31373d !important; }
}
`;
