-- Why: the database names the oldest version of the platform that may serve it. A migration that takes away what earlier
-- versions use adds its version here; one that only adds lets processes be replaced one after the other.
CREATE TABLE "served_versions" (
	"oldest" text PRIMARY KEY NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
INSERT INTO "served_versions" ("oldest") VALUES ('0.1.0');
