-- Two transactions that follow each other closely can have the same stamp: the first one's is the id
-- that the second is then given. A row that is told again needs a newer one each time, or whoever
-- was told the first takes the second for the same.
create function stamp_after(before bigint) returns bigint language sql stable
  return greatest(stamp(), before + 1);

create or replace function tell_service() returns trigger language plpgsql as $$
begin
  if new.generation <> old.generation then
    new.stamp := stamp_after(old.stamp);
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
