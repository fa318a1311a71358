CREATE TABLE "applications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"redirect_addresses" text[] NOT NULL,
	"logged_out_addresses" text[] NOT NULL,
	"secret_hash" "bytea",
	"previous_secret_hash" "bytea",
	"previous_secret_until" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "destinations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"browser_hash" "bytea" NOT NULL,
	"address" text,
	"application_id" uuid,
	"authorization" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "destinations_one" CHECK (("destinations"."address" is null) = ("destinations"."authorization" is not null) and ("destinations"."application_id" is null) = ("destinations"."authorization" is null))
);
--> statement-breakpoint
ALTER TABLE "challenges" DROP CONSTRAINT "challenges_purpose";--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "application_id" uuid;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "authorization" jsonb;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "destination_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "application_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "scope" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "opened_by" uuid;--> statement-breakpoint
ALTER TABLE "destinations" ADD CONSTRAINT "destinations_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "destinations_expires" ON "destinations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "destinations_application" ON "destinations" USING btree ("application_id") WHERE "destinations"."application_id" is not null;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_destination_id_destinations_id_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."destinations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_opened_by_sessions_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."sessions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "challenges_application" ON "challenges" USING btree ("application_id") WHERE "challenges"."application_id" is not null;--> statement-breakpoint
CREATE INDEX "challenges_destination" ON "challenges" USING btree ("destination_id") WHERE "challenges"."destination_id" is not null;--> statement-breakpoint
CREATE INDEX "sessions_application_created" ON "sessions" USING btree ("application_id","created_at","id") WHERE "sessions"."application_id" is not null;--> statement-breakpoint
CREATE INDEX "sessions_opened_by" ON "sessions" USING btree ("opened_by") WHERE "sessions"."opened_by" is not null;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_purpose" CHECK ("challenges"."purpose" in ('log-in', 'step-up', 'not-me', 'password-reset', 'register', 'invitation', 'email-change', 'undo-email-change', 'passkey-log-in', 'passkey-set-up', 'authorization-code'));