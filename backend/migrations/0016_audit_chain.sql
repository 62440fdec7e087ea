-- Why: whoever may write to the database could change unseen what operators did: lines now follow from each other, and triggers fire for replicas too; versions of settings, texts and agreements stay as they were.
ALTER TABLE "audit_log" DISABLE TRIGGER audit_log_stays;--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "position" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "hash" text DEFAULT '' NOT NULL;--> statement-breakpoint
-- The log is for good, addresses are not.
UPDATE "audit_log" SET "target" = 'an invitation' WHERE "action" IN ('user-invited', 'invitation-withdrawn');--> statement-breakpoint
CREATE FUNCTION audit_line_hash(line audit_log, before_it text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT encode(sha256(convert_to(before_it || jsonb_build_array(
		line.position, line.id, extract(epoch from line.at), line.actor_id, line.actor_name, line.action, line.target, line.target_id,
		line.before, line.after, line.address, line.reason)::text, 'UTF8')), 'hex')
$$;--> statement-breakpoint
DO $$
DECLARE
	line audit_log;
	last_hash text := '';
	last_position bigint := 0;
BEGIN
	FOR line IN SELECT * FROM audit_log ORDER BY id LOOP
		last_position := last_position + 1;
		line.position := last_position;
		last_hash := audit_line_hash(line, last_hash);
		UPDATE audit_log SET position = last_position, hash = last_hash WHERE id = line.id;
	END LOOP;
END $$;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_log_by_position" ON "audit_log" USING btree ("position");--> statement-breakpoint
CREATE FUNCTION chain_audit_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	last_position bigint;
	last_hash text;
BEGIN
	-- One line after the other, also from transactions at once.
	PERFORM pg_advisory_xact_lock(7302006);
	SELECT position, hash INTO last_position, last_hash FROM audit_log ORDER BY position DESC LIMIT 1;
	NEW.position := coalesce(last_position, 0) + 1;
	NEW.hash := audit_line_hash(NEW, coalesce(last_hash, ''));
	RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER audit_log_chain BEFORE INSERT ON "audit_log" FOR EACH ROW EXECUTE FUNCTION chain_audit_line();--> statement-breakpoint
ALTER TABLE "audit_log" ENABLE ALWAYS TRIGGER audit_log_chain;--> statement-breakpoint
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
ALTER TABLE "audit_log" ENABLE ALWAYS TRIGGER audit_log_stays;--> statement-breakpoint
CREATE TRIGGER site_settings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON "site_settings"
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
ALTER TABLE "site_settings" ENABLE ALWAYS TRIGGER site_settings_stay;--> statement-breakpoint
CREATE TRIGGER legal_texts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON "legal_texts"
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
ALTER TABLE "legal_texts" ENABLE ALWAYS TRIGGER legal_texts_stay;--> statement-breakpoint
-- What somebody agreed to goes with the account and never before.
CREATE FUNCTION refuse_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' AND NOT EXISTS (
		SELECT FROM users WHERE id = OLD.user_id AND (erase_at IS NULL OR erase_at > now())
	) THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
CREATE TRIGGER legal_acceptances_stay BEFORE UPDATE OR DELETE ON "legal_acceptances"
	FOR EACH ROW EXECUTE FUNCTION refuse_forgetting();--> statement-breakpoint
ALTER TABLE "legal_acceptances" ENABLE ALWAYS TRIGGER legal_acceptances_stay;--> statement-breakpoint
CREATE TRIGGER legal_acceptances_whole BEFORE TRUNCATE ON "legal_acceptances"
	FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();--> statement-breakpoint
ALTER TABLE "legal_acceptances" ENABLE ALWAYS TRIGGER legal_acceptances_whole;
