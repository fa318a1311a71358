import { listRedirectAddresses } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import { originsOf } from "@/lib/contract/applications.ts";

/** Whether some application's log-ins may end at this origin. */
export async function isRegisteredOrigin({ app }: Pick<Moment, "app">, origin: string): Promise<boolean> {
  return originsOf(await listRedirectAddresses(app.db)).includes(origin);
}
