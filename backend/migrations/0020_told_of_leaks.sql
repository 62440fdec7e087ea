-- Why: whoever removed the account, or was only trying the key, is told of a leak too: who was told stands with the key that leaked, not with the account. Keys that leaked before were told of by their accounts, and those that still wait are taken over.
DROP INDEX "exchange_accounts_untold";--> statement-breakpoint
ALTER TABLE "key_checks" ADD COLUMN "key_end" text;--> statement-breakpoint
ALTER TABLE "leaked_keys" ADD COLUMN "key_end" text NOT NULL DEFAULT '';--> statement-breakpoint
ALTER TABLE "leaked_keys" ALTER COLUMN "key_end" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "leaked_keys" ADD COLUMN "label" text;--> statement-breakpoint
ALTER TABLE "leaked_keys" ADD COLUMN "told_at" timestamp (3) with time zone;--> statement-breakpoint
UPDATE "leaked_keys" SET "told_at" = "destroyed_at";--> statement-breakpoint
INSERT INTO "leaked_keys" ("user_id", "exchange", "key_mark", "key_end", "label", "destroyed_at")
	SELECT "user_id", "exchange", "key_mark", "key_end", "label", "destroyed_at" FROM "exchange_accounts"
	WHERE "destroyed_at" IS NOT NULL AND "told_at" IS NULL AND "credentials" IS NULL
	ON CONFLICT ("user_id", "key_mark") DO UPDATE SET "key_end" = excluded."key_end", "label" = excluded."label", "told_at" = NULL;--> statement-breakpoint
CREATE INDEX "leaked_keys_untold" ON "leaked_keys" USING btree ("user_id") WHERE "leaked_keys"."told_at" is null;