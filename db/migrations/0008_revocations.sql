CREATE TABLE "revocations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "revocations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"written_by" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"session_id" uuid,
	"user_id" uuid,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "revocations_about" CHECK (("revocations"."session_id" is null) = ("revocations"."user_id" is null)),
	CONSTRAINT "revocations_reason" CHECK ("revocations"."reason" in ('token_reused', 'logged_out', 'logged_out_everywhere', 'revoked_by_owner', 'revoked_by_admin', 'password_changed', 'account_deactivated', 'replaced', 'account_deleted'))
);
--> statement-breakpoint
CREATE INDEX "revocations_written_by" ON "revocations" USING btree ("written_by");--> statement-breakpoint
CREATE INDEX "revocations_until" ON "revocations" USING btree ("until");