-- Why: sessions, links and refresh tokens remember what they were opened by, so that none outlives a new password; browsers are known by a cookie.
CREATE TABLE "known_devices" (
	"hash" text NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "known_devices_hash_user_id_pk" PRIMARY KEY("hash","user_id")
);
--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD COLUMN "parent" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "impersonator_session_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "epoch" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "sessions" SET "epoch" = "users"."epoch" FROM "users" WHERE "users"."id" = "sessions"."user_id";--> statement-breakpoint
UPDATE "account_tokens" "older" SET "used_at" = now() WHERE "used_at" IS NULL AND EXISTS (
	SELECT 1 FROM "account_tokens" "newer" WHERE "newer"."user_id" = "older"."user_id" AND "newer"."purpose" = "older"."purpose"
	AND "newer"."used_at" IS NULL AND ("newer"."created_at", "newer"."hash") > ("older"."created_at", "older"."hash"));--> statement-breakpoint
DELETE FROM "reset_requests" "older" USING "reset_requests" "newer" WHERE "newer"."identifier_key" = "older"."identifier_key" AND "newer"."id" > "older"."id";--> statement-breakpoint
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "known_devices_by_user" ON "known_devices" USING btree ("user_id");--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_impersonator_session_id_sessions_id_fk" FOREIGN KEY ("impersonator_session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_tokens_one_open" ON "account_tokens" USING btree ("user_id","purpose") WHERE "account_tokens"."used_at" is null;--> statement-breakpoint
CREATE INDEX "refresh_tokens_by_parent" ON "refresh_tokens" USING btree ("parent");--> statement-breakpoint
CREATE UNIQUE INDEX "reset_requests_by_identifier" ON "reset_requests" USING btree ("identifier_key");--> statement-breakpoint
CREATE INDEX "sessions_by_impersonator_session" ON "sessions" USING btree ("impersonator_session_id");