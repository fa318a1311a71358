import { expect, it } from "vitest";
import { namesThisMachine } from "./names-this-machine.ts";

const ask = (host: string | null) => namesThisMachine({ get: (name) => (name === "host" ? host : null) });

it.each([
  "localhost",
  "localhost:3000",
  "LOCALHOST:3000",
  "127.0.0.1:3000",
  "[::1]:3000",
  "a.localhost",
])("%s is this machine", (host) => expect(ask(host)).toBe(true));

it.each([
  null,
  "",
  "evil.example:3000",
  "localhost.evil.example",
  "192.168.1.20:3000",
  "evil.example/?localhost",
  "localhost@evil.example",
  "0.0.0.0",
])("%s is not", (host) => expect(ask(host)).toBe(false));
