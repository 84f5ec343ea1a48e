-- Closed periods that are still to be summed: closing one holds off ingestion for a moment, summing
-- it, which reads all of its items, holds off nobody. Without a period, only what came late is summed.
create table billing_sum (
  product      text   not null,
  cycle        text   not null,
  epoch        bigint not null,
  period_start date,
  period_end   date,
  primary key (cycle, epoch, product)
);

-- The items that no bill holds: their period is open, or it is closed and not summed, or a draft
-- waits. No item is in two of them.
create view unbilled_item as
  select i.* from billable_item i
  left join billing_epoch e on e.product = i.product and e.cycle = i.cycle
  where case when i.late then i.epoch >= coalesce(e.epoch, 1)
        else i.usage_day > coalesce(e.closed_through, date '0001-01-01') end
  union all
  select i.* from billing_sum s
  join billable_item i on i.product = s.product and i.cycle = s.cycle
    and case when i.late then i.epoch = s.epoch
        else i.usage_day between s.period_start and s.period_end end
  union all
  select i.* from bill_draft d
  join billable_item i on i.account_id = d.account_id and i.product = d.product
    and i.cycle = d.cycle and i.late = d.late
    and i.usage_day between d.period_start and d.period_end
    and (not i.late or i.epoch = d.epoch);
