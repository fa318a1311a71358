import { describe, expect, it } from "vitest";
import { COMMANDS_TIMEOUT_MS, createCommandLine } from "@/lib/testing/command-line.ts";

const commandLine = createCommandLine();
const NOBODY = "0199c5a0-0000-7000-8000-000000000000";
const CALLBACK = "https://shop.example.com/callback";
const SECRET = /^[\w-]{43}$/;

const add = (name: string, ...options: string[]) =>
  commandLine.json("application", "add", name, "--redirect", CALLBACK, ...options);

describe("application add", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("says what a client is configured with, and the secret of one that can keep it this once", async () => {
    const options = ["--redirect", CALLBACK, "--confidential"];
    const { exitCode, stdout } = await commandLine.run("application", "add", "My shop", ...options);
    expect(exitCode).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("Added My shop. Its client needs:");
    expect(lines[1]).toBe("issuer:              http://localhost:3000");
    expect(lines[2]).toMatch(/^client_id: {11}[\da-f-]{36}$/);
    expect(lines[3]).toMatch(/^client_secret: {7}[\w-]{43} {3}\(shown this once\)$/);
    const secret = lines[3]?.split(/ +/)[1] ?? "";
    const [row] = await commandLine.db.$client`select * from applications where name = 'My shop'`;
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(row?.redirect_addresses).toEqual([CALLBACK]);
  });

  it("takes every option, each address once, and gives machines one value", async () => {
    const more = ["com.example.shop:/callback", CALLBACK, "http://127.0.0.1/callback"];
    const redirects = more.flatMap((address) => ["--redirect", address]);
    const added = await add(" App ", ...redirects, "--logged-out", "https://shop.example.com/");
    expect(added).toEqual({
      client_id: expect.stringMatching(/^[\da-f-]{36}$/),
      client_secret: null,
      webhook_secret: null,
      name: "App",
      confidential: false,
      redirect_addresses: [CALLBACK, "com.example.shop:/callback", "http://127.0.0.1/callback"],
      logged_out_addresses: ["https://shop.example.com/"],
      backchannel_address: null,
      webhook_address: null,
      previous_secret_until: null,
      previous_webhook_secret_until: null,
      created_at: expect.stringMatching(/Z$/),
    });
    const addresses = [
      "--backchannel",
      "https://api.example.com/out",
      "--webhook",
      "https://api.example.com/hook",
    ];
    expect(await add("Server", "--confidential", ...addresses)).toMatchObject({
      confidential: true,
      client_secret: expect.stringMatching(SECRET),
      backchannel_address: "https://api.example.com/out",
      webhook_address: "https://api.example.com/hook",
      webhook_secret: expect.stringMatching(/^whsec_/),
    });
  });

  it("refuses what is wrong with a line each, and adds nothing", async () => {
    const before = await commandLine.json("application", "list");
    const bad = ["--redirect", "http://shop.example.com/", "--logged-out", "com.example.shop:/bye"];
    expect(await commandLine.run("application", "add", " ", ...bad)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: [
        "keyturn: The name: This field may not be blank.",
        "keyturn: --redirect: Give https://… addresses, http:// on localhost, or a scheme of your own with a dot; without # and user.",
        "keyturn: --logged-out: Give https://… addresses, or http:// on localhost; without # and user.",
        "",
      ].join("\n"),
    });
    const none = await commandLine.run("application", "add", "\u001b[2Jgone", "--json");
    expect(none).toMatchObject({ exitCode: 1, stderr: "" });
    expect(JSON.parse(none.stdout)).toEqual({
      error: "The name: Control characters are not allowed.\n--redirect: Give at least one address.",
    });
    expect(await commandLine.json("application", "list")).toEqual(before);
  });
});

describe("application list and show", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("tell everything but the secret", async () => {
    const added = await add("Bakery", "--confidential");
    const { client_secret: secret, webhook_secret: _, ...application } = added;
    expect(await commandLine.json("application", "show", application.client_id)).toEqual(application);
    expect(await commandLine.json("application", "list")).toContainEqual(application);
    const shown = await commandLine.run("application", "show", application.client_id);
    expect(shown.stdout.split("\n")).toEqual([
      "Bakery",
      "issuer:              http://localhost:3000",
      `client_id:           ${application.client_id}`,
      "client_secret:       kept by its server, and shown only when it was made",
      `log-ins end at:      ${CALLBACK}`,
      expect.stringMatching(/^added: {15}\d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
      "",
    ]);
    const list = await commandLine.run("application", "list");
    expect(list.stdout).toMatch(
      new RegExp(`^${application.client_id} +Bakery +confidential +${CALLBACK} `, "m"),
    );
    expect(shown.stdout + list.stdout).not.toContain(secret);
  });
});

describe("application secret", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("makes another, and says until when the one before works", async () => {
    const { client_id: id, client_secret: first } = await add("Old secret", "--confidential");
    const { stdout } = await commandLine.run("application", "secret", id);
    expect(stdout).toMatch(
      /^Old secret has a new secret\. The one before works until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/m,
    );
    expect(stdout).not.toContain(first);
    const again = await commandLine.json("application", "secret", id);
    expect(again).toMatchObject({
      client_id: id,
      client_secret: expect.stringMatching(SECRET),
      previous_secret_until: expect.stringMatching(/Z$/),
    });
  });

  it("of a webhook is made anew as well, where there is one", async () => {
    const { client_id: id, webhook_secret: first } = await add(
      "Told",
      "--webhook",
      "https://shop.example.com/hook",
    );
    const again = await commandLine.json("application", "secret", id, "--webhook");
    expect(again).toMatchObject({
      client_secret: null,
      webhook_secret: expect.stringMatching(/^whsec_/),
      previous_webhook_secret_until: expect.stringMatching(/Z$/),
    });
    expect(again).not.toMatchObject({ webhook_secret: first });
    const { client_id: untold } = await add("Untold");
    expect(await commandLine.run("application", "secret", untold, "--webhook")).toMatchObject({
      exitCode: 1,
      stderr: "keyturn: This application has no webhook.\n",
    });
  });

  it("is nothing that a public one can have", async () => {
    const { client_id: id } = await add("Public");
    const refusal = await commandLine.run("application", "secret", id);
    expect(refusal).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "keyturn: A public application has no secret.\n",
    });
  });
});

describe("application remove", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("takes it away once, and its sessions end", async () => {
    const { client_id: id } = await add("Closed");
    await commandLine.json("user", "create", "grace@example.com");
    await commandLine.db.$client`
      insert into sessions (id, user_id, application_id, generation, rotated_at, created_at, authenticated_at,
        last_seen_at, idle_expires_at, expires_at, amr, user_agent)
      select gen_random_uuid(), id, ${id}, 1, now(), now(), now(), now(), now() + interval '1 day',
        now() + interval '1 day', '{pwd}', '' from users`;
    expect(await commandLine.json("application", "remove", id)).toEqual({
      client_id: id,
      name: "Closed",
      ended: 1,
    });
    const [row] = await commandLine.db.$client`select application_id, revoked_reason from sessions`;
    expect(row).toEqual({ application_id: null, revoked_reason: "revoked_by_admin" });
    const { client_id: other } = await add("Never used");
    const { stdout } = await commandLine.run("application", "remove", other);
    expect(stdout).toBe("Never used is removed; 0 sessions of it ended.\n");
  });

  it("exits with 1 for what there is none of, as the others do", async () => {
    for (const verb of ["show", "secret", "remove"]) {
      for (const id of [NOBODY, "My shop"]) {
        const { exitCode, stdout } = await commandLine.run("application", verb, id, "--json");
        expect(exitCode).toBe(1);
        expect(JSON.parse(stdout)).toEqual({ error: `There is no application ${id}.` });
      }
    }
  });
});
