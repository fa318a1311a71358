import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { logIn } from "@/lib/auth/log-in/log-in.ts";
import { createUser, type NewUser } from "@/lib/auth/registration/create-user.ts";
import { revokeOwnSession } from "@/lib/auth/sessions/revoke-own-sessions.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";
import { table } from "./table.ts";

/** Everybody's, and in the README: these people are for development only. */
const PASSWORD = "correct horse battery";

type Seed = Omit<NewUser, "password"> & {
  about: string;
  /** What becomes of them after their account is made. */
  next?: (app: App, person: { id: string; email: string }) => Promise<void>;
};

const people: Seed[] = [
  { email: "ada@example.com", name: "Ada", role: "admin", twoFactorEmail: true, about: "admin" },
  { email: "grace@example.com", name: "Grace", twoFactorEmail: true, about: "plain" },
  { email: "lin@example.com", name: "Lin", twoFactorEmail: false, about: "inactive", next: deactivate },
  {
    email: "sam@example.com",
    name: "Sam",
    twoFactorEmail: false,
    about: "three devices, one of them logged out",
    next: useThreeDevices,
  },
];

/** What sam's devices say of themselves; the last one gets logged out. */
const devices: [Device, Device, Device] = [
  {
    ip: "192.0.2.21",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  },
  {
    ip: "198.51.100.34",
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  },
  {
    ip: "203.0.113.55",
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
  },
];

/** Makes the people that development and tests count on. Those who are there already are left as they are. */
export async function seed(settings: Settings): Promise<Outcome> {
  if (!settings.local)
    return refused("Seeded people have a published password, so only a local run gets them.");
  return withApp(settings, async (app) => {
    const made: { email: string; about: string; created: boolean }[] = [];
    for (const person of people) {
      made.push({ email: person.email, about: person.about, created: await plant(app, person) });
    }
    const rows = made.map(({ email, about, created }) => [
      email,
      about,
      created ? "created" : "was there, left as it is",
    ]);
    const lines = [...table(["EMAIL", "WHO", ""], rows), `The password of each: ${PASSWORD}`];
    return done(lines, { password: PASSWORD, people: made });
  });
}

async function plant(app: App, { about, next, ...facts }: Seed): Promise<boolean> {
  const created = await createUser({ app, now: app.clock.now() }, { ...facts, password: PASSWORD });
  if (created.kind === "taken") return false;
  if (created.kind !== "created") throw new Error(`${facts.email}, ${about}, could not be made.`);
  await next?.(app, created.user);
  return true;
}

async function deactivate(app: App, { id }: { id: string }): Promise<void> {
  await deactivateUser({ app, now: app.clock.now() }, { userId: id });
}

async function useThreeDevices(app: App, { email }: { email: string }): Promise<void> {
  const [desktop, phone, borrowed] = devices;
  const here = await enter(app, email, desktop);
  await enter(app, email, phone);
  const { session } = await enter(app, email, borrowed);
  await revokeOwnSession({ app, principal: here, device: desktop, now: app.clock.now() }, session.id);
}

async function enter(app: App, email: string, device: Device) {
  const entered = await logIn({ app, device, now: app.clock.now() }, { email, password: PASSWORD });
  if (entered.kind !== "logged-in") throw new Error(`${email} could not log in.`);
  return entered;
}
