-- Why: operators give the site a logo, and see the web processes that live beside the workers.
CREATE TABLE "site_logos" (
	"version" integer PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"png" "bytea"
);
--> statement-breakpoint
ALTER TABLE "workers" ADD COLUMN "kind" text DEFAULT 'worker' NOT NULL;