ALTER TABLE "challenges" DROP CONSTRAINT "challenges_purpose";--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "password_hash" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "location" text;--> statement-breakpoint
CREATE INDEX "challenges_email_open" ON "challenges" USING btree (lower("email")) WHERE "challenges"."consumed_at" is null and "challenges"."email" is not null;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_about" CHECK ("challenges"."user_id" is not null or "challenges"."email" is not null);--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_purpose" CHECK ("challenges"."purpose" in ('log-in', 'step-up', 'not-me', 'password-reset', 'register', 'invitation', 'email-change', 'undo-email-change'));