/** Where Keyturn is. */
export const KEYTURN_URL = "http://localhost:3000";
