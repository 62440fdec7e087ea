-- Why: a link that sets a password lives for its half hour though another is asked for: strangers may ask, so several can be open.
DROP INDEX "account_tokens_one_open";--> statement-breakpoint
CREATE UNIQUE INDEX "account_tokens_one_open" ON "account_tokens" USING btree ("user_id","purpose") WHERE "account_tokens"."used_at" is null and "account_tokens"."purpose" <> 'reset-password';