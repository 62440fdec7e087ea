-- Why: remembers which version of a strategy file a host refused, so that it is not tried again at every start.
ALTER TABLE "strategy_files" ADD COLUMN "refused_version" text;--> statement-breakpoint
ALTER TABLE "strategy_files" ADD COLUMN "refused_by_engine" text;