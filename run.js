import { compiled, compileWhenNeeded } from "./compile.js";

/** `node run.js <source> …`: runs one of Keyturn's programs, compiled, in this process and with the arguments that follow. */
const [, , program] = process.argv;
await compileWhenNeeded();
process.argv.splice(1, 2, compiled(program));
await import(compiled(program));
