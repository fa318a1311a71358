import { eq } from "drizzle-orm";
import { comparable, toComparable } from "@/db/address.ts";
import type { Database } from "@/db/client.ts";
import { challenges, users } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { register } from "@/lib/auth/registration/register.ts";
import { verifyRegistration } from "@/lib/auth/registration/verify-registration.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { lastCodeTo } from "./mailbox.ts";
import type { Started, TwoStepWorld } from "./two-step.ts";
import { LAPTOP, PASSWORD } from "./world.ts";

type Registering = { app?: App; password?: string; name?: string; device?: Device };

/** Both steps of a registration in a world. */
export function registering(world: TwoStepWorld) {
  const begin = (
    email: string,
    { app = world.app, password = PASSWORD, name, device = LAPTOP }: Registering = {},
  ) => register(world.call({ app, device }), { email, password, name });
  return {
    begin,
    /** The first step, a second after whatever came before, and the code from its mail. */
    async start(email: string, given: Registering = {}): Promise<Started> {
      world.clock.advance(1);
      return { challenge: begun(await begin(email, given)), code: await lastCodeTo(world.app, email) };
    },
    verify: (
      { challenge, code }: Started,
      { app = world.app, device = LAPTOP }: Pick<Registering, "app" | "device"> = {},
    ) => verifyRegistration(world.call({ app, device }), { challenge, code }),
  };
}

/** The challenge of a registration that was let begin. Throws where it was not. */
export function begun(outcome: Awaited<ReturnType<typeof register>>): string {
  if (outcome.kind !== "sent") throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.challenge.challenge;
}

/** An address that nobody has. */
export function newAddress(): string {
  return `${randomUUID().slice(0, 18)}@example.com`;
}

/** Every account with this address, in whatever case. */
export function accountsOf(db: Database, email: string) {
  return db
    .select()
    .from(users)
    .where(eq(comparable(users.email), toComparable(email)));
}

/** Every challenge about this address, oldest first. */
export function challengesAbout(db: Database, email: string) {
  return db
    .select()
    .from(challenges)
    .where(eq(comparable(challenges.email), toComparable(email)))
    .orderBy(challenges.createdAt, challenges.id);
}
