-- Why: markets move on the screen. What somebody looks at is a row, so that one worker reads it from the exchange
-- for all who look, and stops when nobody does.
CREATE TABLE "market_watches" (
	"exchange" text NOT NULL,
	"symbol" text NOT NULL,
	"watched_at" timestamp with time zone DEFAULT now() NOT NULL,
	"claimed_at" timestamp with time zone,
	"read_at" timestamp with time zone,
	"problem" text,
	"answer" jsonb,
	CONSTRAINT "market_watches_exchange_symbol_pk" PRIMARY KEY("exchange","symbol")
);
