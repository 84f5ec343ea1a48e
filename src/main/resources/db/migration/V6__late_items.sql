-- Which epochs hold late items: asked every morning for every product, it must not look into the
-- partition of every day that there ever was.
create table billing_late (
  product text   not null,
  cycle   text   not null,
  epoch   bigint not null,
  primary key (product, cycle, epoch)
);
insert into billing_late
  select distinct i.product, i.cycle, i.epoch
  from billing_item i left join billing_epoch e using (product, cycle)
  where i.late and i.epoch >= coalesce(e.epoch, 1);
