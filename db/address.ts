import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/**
 * The address in a column as addresses are compared: ASCII letters in lower case, whatever the locale of the database.
 * A Turkish one would make another letter of I.
 */
export function comparable(address: SQLWrapper): SQL {
  return sql`lower(${address} collate "C")`;
}

/** The same of an address at hand. */
export function toComparable(address: string): string {
  return address.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
