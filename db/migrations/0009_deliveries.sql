CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"place" bigint GENERATED ALWAYS AS IDENTITY (sequence name "deliveries_place_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"application_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"type" text NOT NULL,
	"user_id" uuid NOT NULL,
	"session_id" uuid,
	"body" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"tried_since" timestamp with time zone NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"last_answer" text,
	CONSTRAINT "deliveries_channel" CHECK ("deliveries"."channel" in ('backchannel', 'webhook')),
	CONSTRAINT "deliveries_type" CHECK ("deliveries"."type" in ('log_out', 'user.created', 'user.updated', 'user.deactivated', 'user.deleted', 'session.created', 'session.ended')),
	CONSTRAINT "deliveries_state" CHECK ("deliveries"."state" in ('waiting', 'done', 'given-up')),
	CONSTRAINT "deliveries_log_out" CHECK (("deliveries"."channel" = 'backchannel') = ("deliveries"."type" = 'log_out')),
	CONSTRAINT "deliveries_ended" CHECK (("deliveries"."state" = 'waiting') = ("deliveries"."ended_at" is null)),
	CONSTRAINT "deliveries_body" CHECK (("deliveries"."body" is not null) = ("deliveries"."channel" = 'webhook' and "deliveries"."state" <> 'done'))
);
--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "backchannel_address" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "webhook_address" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "webhook_secret" "bytea";--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "webhook_key_id" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "previous_webhook_secret" "bytea";--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "previous_webhook_key_id" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "previous_webhook_until" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("application_id","channel","next_attempt_at") WHERE "deliveries"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_first_try" ON "deliveries" USING btree ("application_id","channel","user_id","place") WHERE "deliveries"."state" = 'waiting' and "deliveries"."last_answer" is null;--> statement-breakpoint
CREATE INDEX "deliveries_left" ON "deliveries" USING btree ("application_id","created_at","id") WHERE "deliveries"."state" <> 'done';--> statement-breakpoint
CREATE INDEX "deliveries_ended" ON "deliveries" USING btree ("ended_at") WHERE "deliveries"."ended_at" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_given_up" ON "deliveries" USING btree ("user_id") WHERE "deliveries"."state" = 'given-up';