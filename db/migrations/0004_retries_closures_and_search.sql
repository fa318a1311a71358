DROP INDEX "users_name_start";--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "delivery" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "retries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "spent_from" integer;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "spent_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "trusted_devices" ADD COLUMN "spent_secret_hash" "bytea";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "codes_closed_told_at" timestamp with time zone;--> statement-breakpoint
-- Search by any part of an address or name. Where this role may not create the extension, or the server lacks it, the
-- search looks at every person; docs/operations.md says how to add it later.
DO $$ BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm;
	CREATE INDEX "users_email_parts" ON "users" USING gin (lower("email" collate "C") gin_trgm_ops);
	CREATE INDEX "users_name_parts" ON "users" USING gin ("name_start" gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN
	RAISE NOTICE 'pg_trgm is not to be had: searching for people will be slower';
END $$;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_delivery" CHECK ("sessions"."delivery" in ('json', 'cookie'));--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_spent" CHECK (("sessions"."spent_from" is null) = ("sessions"."spent_at" is null));