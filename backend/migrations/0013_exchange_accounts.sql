-- Why: users connect accounts at exchanges; web asks through key_checks, a worker opens the key and asks the exchange.
CREATE TABLE "exchange_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"exchange" text NOT NULL,
	"label" text NOT NULL,
	"key_mark" text NOT NULL,
	"key_end" text NOT NULL,
	"credentials" text,
	"state" text NOT NULL,
	"problem" jsonb,
	"permissions" jsonb NOT NULL,
	"checked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"entered_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"destroyed_at" timestamp (3) with time zone,
	"told_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"exchange" text NOT NULL,
	"account_id" uuid,
	"credentials" text,
	"answer" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "exchange_accounts" ADD CONSTRAINT "exchange_accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_checks" ADD CONSTRAINT "key_checks_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_checks" ADD CONSTRAINT "key_checks_account_id_exchange_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."exchange_accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "exchange_accounts_by_key" ON "exchange_accounts" USING btree ("user_id","key_mark");--> statement-breakpoint
CREATE INDEX "exchange_accounts_untold" ON "exchange_accounts" USING btree ("user_id") WHERE "exchange_accounts"."destroyed_at" is not null and "exchange_accounts"."told_at" is null;--> statement-breakpoint
CREATE INDEX "key_checks_by_user" ON "key_checks" USING btree ("user_id");