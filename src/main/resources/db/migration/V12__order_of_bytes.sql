-- All text is ordered by its bytes, whatever the language of the database: ids are no words. Every
-- index stays right when a new version of the operating system orders a language another way, ids are
-- compared several times faster, and here as in Java. New columns of text say collate "C" too.
-- Tables are not written again, only their indexes are.
drop view unbilled_item, billable_item, circumstance, books;

do $$
declare
  changed record;
begin
  for changed in
    select c.oid::regclass as name,
           string_agg(format('alter column %I type text collate "C"', a.attname), ', ') as changes
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace
      and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> 'flyway_schema_history'
      and a.attnum > 0 and not a.attisdropped and a.atttypid = 'text'::regtype
    group by c.oid
  loop
    execute format('alter table %s %s', changed.name, changed.changes);
  end loop;
end $$;

-- What decides about an account asks for its unpaid bills that fall due: most bills never do.
create index bill_falls_due on bill (account_id) where unpaid > 0 and due_at is not null;

-- The views as they were.
create view books as
  select a.currency, 'account:' || a.account_id as book, a.balance as amount from account a
  union all
  select a.currency, e.contra_account, -sum(e.amount)
    from ledger_entry e join account a using (account_id)
   group by a.currency, e.contra_account;

create view circumstance as
  select account_id, 'RESTRICTION' as kind, restriction_id as id, product, reason as detail,
         '' as tier, '' as region, place_time as from_time, null::timestamptz as until_time,
         null::timestamptz as end_time, null::timestamptz as told_time, null::numeric as amount,
         null::numeric as paid
    from restriction where lift_time is null
  union all
  select account_id, 'HOLD', hold_id, product, '', tier, region, place_time, until_time, end_time,
         broken_time, promised, paid
    from hold
  union all
  select account_id, 'DEACTIVATION', ticket_id, product, '', '', '', approve_time, null, null, null,
         null, null
    from deactivation where state = 'APPROVED'
  union all
  select account_id, 'PACKAGE', package_id, product, '', '', '', report_time, expire_time, null,
         null, remaining, null
    from prepaid_package
  union all
  select account_id, 'BILL',
         account_id || '~' || product || '~' || lower(left(cycle, 1)) || '~' || period_start || '~'
           || supplement,
         product, '', '', '', generated_at, due_at, null, null, unpaid, null
    from bill where unpaid > 0 and due_at is not null
  union all
  select '', 'POLICIES', '', '', '', '', '', now(), null, null, null, count(*), null
    from policy_version;

create view billable_item as
  select i.* from billing_item i
  where not exists (
    select from unbilled_span u
    where u.account_id = i.account_id and u.product = i.product
      and i.usage_start >= u.since and (u.until_time is null or i.usage_start < u.until_time)
      and not i.sku like any (string_to_array(u.billed, E'\n')));

create view unbilled_item as
  select i.* from billable_item i
  left join billing_epoch e on e.product = i.product and e.cycle = i.cycle
  where case when i.late then i.epoch >= coalesce(e.epoch, 1)
        else i.usage_day > coalesce(e.closed_through, date '0001-01-01') end
  union all
  select i.* from billing_sum s
  join billable_item i on i.product = s.product and i.cycle = s.cycle
    and i.account_id >= s.first_account
    and (s.before_account is null or i.account_id < s.before_account)
    and case when i.late then i.epoch = s.epoch
        else i.usage_day between s.period_start and s.period_end end
  union all
  select i.* from bill_draft d
  join billable_item i on i.account_id = d.account_id and i.product = d.product
    and i.cycle = d.cycle and i.late = d.late
    and i.usage_day between d.period_start and d.period_end
    and (not i.late or i.epoch = d.epoch);
