-- Why: people say in which country they live where the operator asks; uploads and data tasks belong to accounts that are there.
ALTER TABLE "users" ADD COLUMN "country" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "country_said_at" timestamp (3) with time zone;--> statement-breakpoint
-- Older versions may have left rows of accounts that are gone.
DELETE FROM "data_tasks" WHERE NOT EXISTS (SELECT 1 FROM "users" WHERE "users"."id" = "data_tasks"."user_id");--> statement-breakpoint
DELETE FROM "series" WHERE "owner_id" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "users" WHERE "users"."id" = "series"."owner_id");--> statement-breakpoint
ALTER TABLE "data_tasks" ADD CONSTRAINT "data_tasks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;