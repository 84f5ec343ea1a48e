-- The newest usage day whose items were dropped as too old. A day up to it that has no partition any
-- more is never opened again, whatever the setting is by then: what was billed would be billed twice.
alter table installation add column items_dropped_through date;

create or replace function ensure_billing_day(day date) returns void language plpgsql as $$
declare
  partition text := 'billing_item_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(partition) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('ensure_billing_day'));
  perform from pg_class where relname = partition;
  if not found then
    -- The code of an insert that finds no partition: to whoever writes items it is the same.
    if day <= (select items_dropped_through from installation) then
      raise check_violation using message = 'the items of ' || day || ' are no longer kept';
    end if;
    execute format('create table %I (like billing_item including defaults)', partition);
    execute format('alter table billing_item attach partition %I for values from (%L) to (%L)',
                   partition, day, day + 1);
  end if;
end $$;
