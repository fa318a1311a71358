import { openDatabase } from "@/db/client.ts";
import { createApp } from "@/lib/app/app.ts";
import { instant } from "@/lib/base/clock.ts";
import { settingsFrom } from "@/lib/testing/world.ts";
import { queue } from "./mail.fixture.ts";
import { sendWaiting } from "./worker.ts";

/**
 * A process of its own on the database it is given: sends what is due until it is done or killed; or, given
 * `queueTo`, commits a mail to that address, says so and waits to be killed.
 */
const { connection, variables, secret, now, queueTo } = JSON.parse(String(process.argv[2]));
const { db, close } = openDatabase(connection, { maxConnections: 4, prepare: true });
const app = await createApp(settingsFrom(variables), secret, { db, clock: { now: () => instant(now) } });
if (queueTo) {
  await queue(app, queueTo);
  console.log("queued");
  setInterval(() => {}, 1_000);
} else {
  await sendWaiting(app);
  await close();
}
