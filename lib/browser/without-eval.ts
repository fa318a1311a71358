import { z } from "zod";

/**
 * zod makes code at run time where it may. Our pages' policy forbids that, and each try would count as a violation;
 * this must be loaded before the first schema.
 */
z.config({ jitless: true });
