import { join } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { ENDED_SESSION_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import { loadSettings, type Settings } from "@/lib/settings/env.ts";
import { root } from "@/root.ts";
import { type ApplicationAddOptions, applicationAdd } from "./application-add.ts";
import { applicationList } from "./application-list.ts";
import { applicationRemove } from "./application-remove.ts";
import { type ApplicationSecretOptions, applicationSecret } from "./application-secret.ts";
import { applicationShow } from "./application-show.ts";
import { doctor } from "./doctor.ts";
import { migrate } from "./migrate.ts";
import { type Outcome, refused, report } from "./outcome.ts";
import { seed } from "./seed.ts";
import { sessionsPrune } from "./sessions-prune.ts";
import { type UserCreateOptions, userCreate } from "./user-create.ts";
import { userDeactivate } from "./user-deactivate.ts";
import { type UserFactorsOptions, userFactors } from "./user-factors.ts";
import { userList } from "./user-list.ts";
import { userLogout } from "./user-logout.ts";

/** `npm run keyturn -- <command>`. */
const program = new Command("keyturn")
  .usage("<command> [--json]")
  .description(
    "Looks after the people, applications, sessions and database of this Keyturn, also while it runs.",
  )
  .option("--json", "print one JSON value, for machines")
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError: () => {} })
  .exitOverride();

const user = program.command("user").description("people with an account");
user
  .command("create <email>")
  .description("make a verified account; says a password once unless one is given")
  .option("--password <password>", "the password, instead of a random one")
  .addOption(new Option("--role <role>", "what they may do").choices(["user", "admin"]))
  .addOption(new Option("--two-factor <method>", "two-step log-in").choices(["email", "off"]))
  .option("--name <name>", "what they are called")
  .action((email: string, options: UserCreateOptions) =>
    run((settings) => userCreate(settings, email, options)),
  );
user
  .command("list")
  .description("list everybody")
  .action(() => run(userList));
user
  .command("deactivate <email>")
  .description("make a person inactive and end their sessions")
  .action((email: string) => run((settings) => userDeactivate(settings, email)));
user
  .command("logout <email>")
  .description("end every session of a person")
  .action((email: string) => run((settings) => userLogout(settings, email)));
user
  .command("factors <email>")
  .description("what a person logs in with besides the password; --remove takes it away")
  .option(
    "--remove",
    "take passkeys, authenticator app and recovery codes away from somebody who lost them all",
  )
  .option("--reason <text>", "why, for the audit trail; needed with --remove")
  .action((email: string, options: UserFactorsOptions) =>
    run((settings) => userFactors(settings, email, options)),
  );

const application = program
  .command("application")
  .description("products of your own that people log in to through Keyturn");
application
  .command("add <name>")
  .description("add one; says its client_id, and a secret once where it can keep one")
  .option("--redirect <address>", "where its log-ins may end; may be given again", another, [])
  .option("--logged-out <address>", "where a browser may go after a log-out; may be given again", another, [])
  .option("--confidential", "it can keep a secret: a server can, a browser or app can't")
  .option("--backchannel <address>", "where it is told that a session of its own ended")
  .option("--webhook <address>", "where it is told what happens to people and sessions")
  .action((name: string, options: ApplicationAddOptions) =>
    run((settings) => applicationAdd(settings, name, options)),
  );
application
  .command("list")
  .description("list all of them")
  .action(() => run(applicationList));
application
  .command("show <client_id>")
  .description("what its client is configured with, and where its log-ins may end")
  .action((clientId: string) => run((settings) => applicationShow(settings, clientId)));
application
  .command("remove <client_id>")
  .description("remove it and end every session of it")
  .action((clientId: string) => run((settings) => applicationRemove(settings, clientId)));
application
  .command("secret <client_id>")
  .description("make a new secret and say it once; the one before works for a day more")
  .option("--webhook", "the one that its webhook's messages are signed with")
  .action((clientId: string, options: ApplicationSecretOptions) =>
    run((settings) => applicationSecret(settings, clientId, options)),
  );

program
  .command("sessions")
  .description("sessions of everybody")
  .command("prune")
  .description(`delete sessions that ended more than ${durationWords(ENDED_SESSION_KEPT_SECONDS)} ago`)
  .action(() => run(sessionsPrune));
program
  .command("migrate")
  .description("bring the database's schema up to date")
  .action(() => run(migrate));
program
  .command("seed")
  .description("make the people that development counts on (local only)")
  .action(() => run(seed));
program
  .command("doctor")
  .description("check settings, database, migrations, clock, keys and mail")
  .option("--mail <email>", "send a test mail there and say what the provider answered")
  .action(({ mail }: { mail?: string }) => say(() => doctor(settingsHere(), mail)));

await program.parseAsync().catch(async (error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return;
  await say(async () => refused(inOneLine(error)));
});

/** For an option that may be given more than once. */
function another(value: string, before: string[]): string[] {
  return [...before, value];
}

/** Runs a command that works with valid settings. */
async function run(command: (settings: Settings) => Promise<Outcome>): Promise<void> {
  const loaded = settingsHere();
  await say(async () => (loaded.kind === "valid" ? command(loaded.settings) : refused(...loaded.faults)));
}

function say(work: () => Promise<Outcome>): Promise<void> {
  return report(work, program.opts().json === true);
}

function settingsHere() {
  return loadSettings(join(root, ".env"));
}

function inOneLine({ code, message }: CommanderError): string {
  return code === "commander.help"
    ? "Name one of these commands."
    : message.replace(/^error: /, "").replaceAll("\n", " ");
}
