-- Telling products and watchers what has changed (docs/adr/0010-stamps.md).

-- The stamp of what a transaction writes: never below its own id, and for one account never below
-- that of what was written about it before. Who has read everything while xmin was the oldest
-- transaction under way, and reads from xmin on the next time, skips nothing that committed late.
create function stamp() returns bigint language sql stable
  return greatest(pg_current_xact_id(), pg_snapshot_xmax(pg_current_snapshot()))::text::bigint;

alter table ledger_entry add column stamp bigint not null default 0;
alter table ledger_entry alter column stamp set default stamp();
create index ledger_entry_stamp on ledger_entry (stamp);
alter table transition add column stamp bigint not null default 0;
alter table transition alter column stamp set default stamp();
create index transition_stamp on transition (stamp);

alter table service
  add column decided_by   text        not null default '',
  add column decided_at   timestamptz,
  add column behind_since timestamptz,
  add column stamp        bigint      not null default 0,
  add column retell_at    timestamptz,
  add column attempts     int         not null default 0,
  add column drift_since  timestamptz;
update service set decided_at = moved_at,
  behind_since = case when observed_generation < generation then moved_at end;
update service set retell_at = behind_since, stamp = stamp() where behind_since is not null;
alter table service alter column decided_at set not null;
comment on column service.stamp is 'of what the product was last told; 0 while there was nothing to tell';
comment on column service.behind_since is 'since when the product has not done what it was told';
comment on column service.retell_at is 'when the product is told again what it has not reported';
comment on column service.attempts is 'how often the product was told the newest generation';
comment on column service.drift_since is 'set once it has been behind for longer than its policy allows';
create index service_stamp on service (product, stamp, account_id) where stamp > 0;
create index service_behind on service (product, retell_at, account_id) where behind_since is not null;
create index service_drift on service (product, account_id) where drift_since is not null;

-- What the heart decides about is written by it; the rest of telling follows here, for the one and
-- for the many alike.
create function tell_service() returns trigger language plpgsql as $$
begin
  if new.generation <> old.generation then
    new.stamp := stamp();
    new.attempts := 1;
    new.retell_at := new.decided_at + interval '30 seconds';
  end if;
  if new.behind_since is null then
    new.retell_at := null;
    new.attempts := 0;
    new.drift_since := null;
  end if;
  return new;
end $$;
create trigger tell_service before update on service for each row
  when (new.generation <> old.generation or new.behind_since is distinct from old.behind_since)
  execute function tell_service();
