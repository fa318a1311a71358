DROP INDEX "challenges_email_open";--> statement-breakpoint
DROP INDEX "users_email_unique";--> statement-breakpoint
CREATE INDEX "challenges_email_open" ON "challenges" USING btree (lower("email" collate "C")) WHERE "challenges"."consumed_at" is null and "challenges"."email" is not null;--> statement-breakpoint
CREATE INDEX "outbox_recipient" ON "outbox" USING btree (lower("recipient" collate "C"));--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email" collate "C"));--> statement-breakpoint
DROP INDEX "challenges_user_open";--> statement-breakpoint
CREATE INDEX "challenges_user" ON "challenges" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "challenges_session" ON "challenges" USING btree ("session_id") WHERE "challenges"."session_id" is not null;--> statement-breakpoint
CREATE INDEX "audit_events_created" ON "audit_events" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_type" ON "audit_events" USING btree ("type","created_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_whole_address" ON "audit_events" USING btree ("created_at") WHERE masklen("audit_events"."ip") > case family("audit_events"."ip") when 4 then 24 else 48 end;--> statement-breakpoint
CREATE INDEX "sessions_created" ON "sessions" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "sessions_user_created" ON "sessions" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "sessions_unrevoked_created" ON "sessions" USING btree ("created_at","id") WHERE "sessions"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "sessions_revoked_created" ON "sessions" USING btree ("created_at","id") WHERE "sessions"."revoked_at" is not null;--> statement-breakpoint
CREATE INDEX "sessions_reason_created" ON "sessions" USING btree ("revoked_reason","created_at","id") WHERE "sessions"."revoked_at" is not null;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "name_start" text DEFAULT '' NOT NULL;--> statement-breakpoint
UPDATE "users" SET "name_start" = lower(left("name", 100));--> statement-breakpoint
CREATE INDEX "users_name_start" ON "users" USING btree ("name_start" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_created" ON "users" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "users_active_created" ON "users" USING btree ("is_active","created_at","id");--> statement-breakpoint
CREATE INDEX "users_role_created" ON "users" USING btree ("role","created_at","id");--> statement-breakpoint
ALTER TABLE "users" SET (fillfactor = 90);
