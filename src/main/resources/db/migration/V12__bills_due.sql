-- What decides about an account asks for its unpaid bills that fall due: most bills never do.
create index bill_falls_due on bill (account_id) where unpaid > 0 and due_at is not null;

-- Most installations bill suspended services in full, or have few of them at a time: as long as there
-- is no span of them, no item is compared with any.
create or replace view billable_item as
  select i.* from billing_item i
  where not exists (select from unbilled_span)
  union all
  select i.* from billing_item i
  where exists (select from unbilled_span) and not exists (
    select from unbilled_span u
    where u.account_id = i.account_id and u.product = i.product
      and i.usage_start >= u.since and (u.until_time is null or i.usage_start < u.until_time)
      and not i.sku like any (string_to_array(u.billed, E'\n')));
