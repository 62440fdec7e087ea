-- Why: a key that leaked must not come back, whatever account it is entered for and whichever key encrypts: marks of such keys, and a sealed secret of each owner that marks are made with. Keys stored before keep a mark of the older kind, which nothing equals, until they are entered anew.
CREATE TABLE "key_mark_secrets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"secret" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leaked_keys" (
	"user_id" uuid NOT NULL,
	"exchange" text NOT NULL,
	"key_mark" text NOT NULL,
	"destroyed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "leaked_keys_user_id_key_mark_pk" PRIMARY KEY("user_id","key_mark")
);
--> statement-breakpoint
ALTER TABLE "key_checks" ADD COLUMN "key_mark" text;--> statement-breakpoint
ALTER TABLE "key_mark_secrets" ADD CONSTRAINT "key_mark_secrets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaked_keys" ADD CONSTRAINT "leaked_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "key_mark_secrets_by_user" ON "key_mark_secrets" USING btree ("user_id");