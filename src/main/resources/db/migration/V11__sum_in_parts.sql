-- A sum is made in parts, ranges of accounts, several at a time.
alter table billing_sum
  add column first_account  text not null default '',
  add column before_account text,
  drop constraint billing_sum_pkey,
  add primary key (cycle, epoch, product, first_account);
comment on column billing_sum.before_account is 'the first account that is not in the part; null: it has no end';

create or replace view unbilled_item as
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
