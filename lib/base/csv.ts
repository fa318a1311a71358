import { stringify } from "csv-stringify/sync";

/**
 * Lines of a CSV file (RFC 4180). A cell that a spreadsheet would take for a formula, because it begins with = + - @ or
 * what some take for these, gets an apostrophe in front (OWASP, CSV injection).
 */
export function toCsv(rows: (string | null)[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: "windows", quoted_match: /[\r\n]/ });
}
