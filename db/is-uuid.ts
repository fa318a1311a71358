const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether PostgreSQL takes this for a uuid, in the form that tokens carry. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
