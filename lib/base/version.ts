import manifest from "@/package.json" with { type: "json" };

/** The version of this Keyturn. */
export const version: string = manifest.version;
