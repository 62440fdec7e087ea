-- Why: the first schema. Users and their sessions; candles in immutable chunks by series; strategy versions by
-- hash; backtests as rows with a queue over them; the outbox that commits with business rows.
CREATE TABLE "refresh_tokens" (
	"hash" text PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"method" text NOT NULL,
	"device" text NOT NULL,
	"network" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_for" text
);
--> statement-breakpoint
CREATE TABLE "sign_in_links" (
	"hash" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sign_in_throttles" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"blocked_until" timestamp (3) with time zone DEFAULT '-infinity' NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"email" text NOT NULL,
	"email_key" text NOT NULL,
	"password_hash" text,
	"role" text DEFAULT 'user' NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"suspended_at" timestamp (3) with time zone,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "backtest_results" (
	"backtest_id" uuid PRIMARY KEY NOT NULL,
	"result" jsonb NOT NULL,
	"trades" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "backtest_turns" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"served_at" timestamp (3) with time zone DEFAULT '-infinity' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "backtests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"title" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"strategy" text NOT NULL,
	"strategy_title" text NOT NULL,
	"version" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"candles" jsonb NOT NULL,
	"symbol" text NOT NULL,
	"exchange" text,
	"source" text NOT NULL,
	"quote" text NOT NULL,
	"timeframe" text NOT NULL,
	"from_at" timestamp (3) with time zone,
	"to_at" timestamp (3) with time zone,
	"settings" jsonb NOT NULL,
	"expected_fingerprint" text,
	"share" real DEFAULT 0 NOT NULL,
	"step" text DEFAULT 'Waiting in the queue' NOT NULL,
	"remaining_ms" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"worker_id" uuid,
	"attempt" integer DEFAULT 0 NOT NULL,
	"heartbeat_at" timestamp (3) with time zone,
	"fingerprint" text,
	"fingerprint_agrees" boolean,
	"summary" jsonb,
	"net_profit_share" double precision,
	"max_drawdown" double precision,
	"sharpe" double precision,
	"closed_trades" integer,
	"problem" jsonb
);
--> statement-breakpoint
CREATE TABLE "comparisons" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"title" text NOT NULL,
	"backtest_ids" uuid[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "candle_chunks" (
	"series_id" uuid NOT NULL,
	"bucket" integer NOT NULL,
	"first_ms" bigint NOT NULL,
	"last_ms" bigint NOT NULL,
	"rows" integer NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "candle_chunks_series_id_bucket_pk" PRIMARY KEY("series_id","bucket")
);
--> statement-breakpoint
CREATE TABLE "candle_tail" (
	"series_id" uuid NOT NULL,
	"time_ms" bigint NOT NULL,
	"open" double precision NOT NULL,
	"high" double precision NOT NULL,
	"low" double precision NOT NULL,
	"close" double precision NOT NULL,
	"volume" double precision NOT NULL,
	CONSTRAINT "candle_tail_series_id_time_ms_pk" PRIMARY KEY("series_id","time_ms")
);
--> statement-breakpoint
CREATE TABLE "data_tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"request" jsonb NOT NULL,
	"share" real DEFAULT 0 NOT NULL,
	"step" text NOT NULL,
	"remaining_ms" bigint,
	"rows" integer DEFAULT 0 NOT NULL,
	"skipped_lines" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"series_id" uuid,
	"problem" jsonb,
	"cancel_asked" boolean DEFAULT false NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"heartbeat_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "exchanges" (
	"id" text PRIMARY KEY NOT NULL,
	"markets" integer DEFAULT 0 NOT NULL,
	"markets_at" timestamp with time zone,
	"problem" text,
	"asked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "markets" (
	"exchange" text NOT NULL,
	"symbol" text NOT NULL,
	"base" text NOT NULL,
	"quote" text NOT NULL,
	"contract" text NOT NULL,
	"tick" double precision,
	"lot" double precision,
	"notional_min" double precision,
	"maker_fee" double precision,
	"taker_fee" double precision,
	"fee_asset" text,
	"active" boolean NOT NULL,
	"timeframes" text[] NOT NULL,
	CONSTRAINT "markets_exchange_symbol_pk" PRIMARY KEY("exchange","symbol")
);
--> statement-breakpoint
CREATE TABLE "series" (
	"id" uuid PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"owner_id" uuid,
	"exchange" text,
	"symbol" text NOT NULL,
	"base" text NOT NULL,
	"quote" text NOT NULL,
	"timeframe" text NOT NULL,
	"title" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"certified_version" integer DEFAULT 0 NOT NULL,
	"rows" integer DEFAULT 0 NOT NULL,
	"first_ms" bigint,
	"last_ms" bigint,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"duplicates" integer DEFAULT 0 NOT NULL,
	"gaps" integer DEFAULT 0 NOT NULL,
	"missing" integer DEFAULT 0 NOT NULL,
	"warnings" integer DEFAULT 0 NOT NULL,
	"certificate" jsonb,
	"coverage" real[] DEFAULT '{}' NOT NULL,
	"fetched" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"process_id" integer NOT NULL,
	"queues" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "strategy_files" (
	"file" text PRIMARY KEY NOT NULL,
	"name" text,
	"version" text,
	"shipped" boolean NOT NULL,
	"problem" text,
	"problem_file" text,
	"problem_line" integer,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "strategy_files_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "strategy_versions" (
	"version" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"code" text NOT NULL,
	"map" text NOT NULL,
	"manifest" json NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backtest_results" ADD CONSTRAINT "backtest_results_backtest_id_backtests_id_fk" FOREIGN KEY ("backtest_id") REFERENCES "public"."backtests"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backtest_turns" ADD CONSTRAINT "backtest_turns_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backtests" ADD CONSTRAINT "backtests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backtests" ADD CONSTRAINT "backtests_version_strategy_versions_version_fk" FOREIGN KEY ("version") REFERENCES "public"."strategy_versions"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "comparisons" ADD CONSTRAINT "comparisons_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candle_chunks" ADD CONSTRAINT "candle_chunks_series_id_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."series"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "candle_tail" ADD CONSTRAINT "candle_tail_series_id_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."series"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "strategy_files" ADD CONSTRAINT "strategy_files_version_strategy_versions_version_fk" FOREIGN KEY ("version") REFERENCES "public"."strategy_versions"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refresh_tokens_by_session" ON "refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "sessions_by_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_by_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_throttles_by_age" ON "sign_in_throttles" USING btree ("updated_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_name_key" ON "users" USING btree ("name_key");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree ("email_key");--> statement-breakpoint
CREATE INDEX "backtests_by_user" ON "backtests" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "backtests_queued" ON "backtests" USING btree ("user_id","id") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "backtests_running" ON "backtests" USING btree ("user_id","worker_id") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "comparisons_by_user" ON "comparisons" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "data_tasks_user" ON "data_tasks" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "data_tasks_open" ON "data_tasks" USING btree ("status") WHERE "data_tasks"."status" in ('queued', 'running');--> statement-breakpoint
CREATE UNIQUE INDEX "series_identity" ON "series" USING btree ("source",coalesce("owner_id", '00000000-0000-0000-0000-000000000000'::uuid),coalesce("exchange", ''),"symbol","timeframe");--> statement-breakpoint
CREATE INDEX "series_owner" ON "series" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "strategy_versions_by_name" ON "strategy_versions" USING btree ("name");