-- A code by e-mail was called "otp" in what a log-in proved, which is what an authenticator app proves.
UPDATE "sessions" SET "amr" = array_replace("amr", 'otp', 'email') WHERE 'otp' = ANY ("amr");--> statement-breakpoint
-- Where this role may only add to the trail, older events keep the old word.
DO $$ BEGIN
	UPDATE "audit_events" SET "data" = jsonb_set("data", '{amr}', to_jsonb(replace("data"->>'amr', 'otp', 'email')))
	WHERE "type" = 'login.succeeded' AND "data"->>'amr' LIKE '%otp%';
EXCEPTION WHEN insufficient_privilege THEN
	RAISE NOTICE 'this role may not rewrite the audit trail';
END $$;
