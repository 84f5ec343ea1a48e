-- Every key begins with account_id, so that the schema can be distributed by it.
-- Amounts are numeric without a scale: an amount keeps the decimals it was given.

create table account (
  account_id          text primary key,
  create_digest       bytea       not null,
  currency            text        not null,
  credit_limit        numeric     not null,
  frozen              numeric     not null,
  tier                text        not null,
  locale              text        not null,
  region              text        not null,
  email               text        not null,
  webhook_url         text        not null,
  create_time         timestamptz not null,
  update_time         timestamptz not null,
  balance             numeric     not null,
  unallocated         numeric     not null,
  ledger_sequence     bigint      not null,
  transition_sequence bigint      not null,
  chain_hash          bytea       not null,
  episodes            bigint      not null,
  overdue_since       timestamptz,
  notified_at         timestamptz,
  received_at         timestamptz,
  cleared_at          timestamptz,
  version             bigint      not null,
  due_at              timestamptz
);
comment on column account.due_at is 'only an index that says when to look again; deadlines are derived from facts';
create index account_due on account (due_at) where due_at is not null;
create index account_overdue on account (account_id) where overdue_since is not null;

create table service (
  account_id          text        not null,
  product             text        not null,
  state               text        not null,
  state_since         timestamptz not null,
  opened_at           timestamptz not null,
  access              text        not null,
  generation          bigint      not null,
  observed_generation bigint      not null,
  primary key (account_id, product)
);
create index service_state on service (state, account_id);

create table ledger_entry (
  account_id     text        not null,
  sequence       bigint      not null,
  kind           text        not null,
  amount         numeric     not null,
  balance_after  numeric     not null,
  at             timestamptz not null,
  recorded_at    timestamptz not null,
  reference_id   text        not null,
  reason         text        not null,
  actor          text        not null,
  contra_account text        not null,
  request_digest bytea,
  primary key (account_id, sequence),
  unique (account_id, kind, reference_id)
);
comment on column ledger_entry.request_digest is 'of the request that made it: the same id with other content is refused';

-- Both sides of every entry; the amounts of each currency sum to zero.
create view books as
  select a.currency, 'account:' || a.account_id as book, a.balance as amount from account a
  union all
  select a.currency, e.contra_account, -sum(e.amount)
    from ledger_entry e join account a using (account_id)
   group by a.currency, e.contra_account;

create table transition (
  account_id     text        not null,
  sequence       bigint      not null,
  product        text        not null,
  from_state     text        not null,
  to_state       text        not null,
  at             timestamptz not null,
  recorded_at    timestamptz not null,
  rule           text        not null,
  policy_version bigint      not null,
  actor          text        not null,
  explanation    text        not null,
  previous_hash  bytea       not null,
  hash           bytea       not null,
  primary key (account_id, sequence)
);

create table notification (
  account_id text        not null,
  episode    bigint      not null,
  rung       text        not null,
  at         timestamptz not null,
  amount_due numeric     not null,
  primary key (account_id, episode, rung)
);

create table bill (
  account_id      text        not null,
  product         text        not null,
  cycle           text        not null,
  period_start    date        not null,
  supplement      int         not null,
  period_end      date        not null,
  epoch           bigint      not null,
  amount          numeric     not null,
  exact_amount    numeric     not null,
  item_count      bigint      not null,
  late_item_count bigint      not null,
  generated_at    timestamptz not null,
  unpaid          numeric     not null,
  primary key (account_id, product, cycle, period_start, supplement)
);
create index bill_newest on bill (account_id, generated_at desc, period_start desc, product, cycle, supplement);
create index bill_unpaid on bill (account_id, generated_at) where unpaid > 0;

-- Only ever appended to. One partition a usage day; see ensure_billing_day.
create table billing_item (
  account_id    text        not null,
  product       text        not null,
  usage_day     date        not null,
  item_id       text        not null,
  cycle         text        not null,
  late          boolean     not null,
  epoch         bigint      not null,
  cost          numeric     not null,
  usage_start   timestamptz not null,
  usage_end     timestamptz not null,
  sku           text        not null,
  quantity      text        not null,
  unit          text        not null,
  primary key (account_id, product, usage_day, item_id)
) partition by range (usage_day);
create index billing_item_late on billing_item (product, cycle, epoch) where late;

-- Which days hold items of a product and cycle: what a bill run has to look at.
create table billing_day (
  product   text not null,
  cycle     text not null,
  usage_day date not null,
  primary key (product, cycle, usage_day)
);

-- Ingestion reads its row under a shared advisory lock; closing a period takes the exclusive one,
-- moves the epoch on, and so waits for the batches in flight and no longer.
create table billing_epoch (
  product        text   not null,
  cycle          text   not null,
  epoch          bigint not null default 1,
  closed_through date,
  primary key (product, cycle)
);

-- What a closed period owes, summed and not yet on a bill: the work queue of a bill run.
create table bill_draft (
  account_id   text    not null,
  product      text    not null,
  cycle        text    not null,
  period_start date    not null,
  period_end   date    not null,
  late         boolean not null,
  epoch        bigint  not null,
  exact_amount numeric not null,
  item_count   bigint  not null,
  failure      text,
  primary key (account_id, product, cycle, period_start, late, epoch)
);

create table job_run (
  run_id       uuid primary key,
  job          text        not null,
  state        text        not null,
  start_time   timestamptz not null,
  end_time     timestamptz,
  examined     bigint      not null default 0,
  changed      bigint      not null default 0,
  failed       bigint      not null default 0,
  counts       jsonb       not null default '{}',
  message      text        not null default '',
  dry_run      boolean     not null,
  started_by   text        not null,
  heartbeat_at timestamptz not null default now()
);
comment on column job_run.heartbeat_at is 'by the database''s own clock: a run that stops beating is dead';
create unique index job_run_running on job_run (job) where state = 'RUNNING' and not dry_run;
create index job_run_newest on job_run (start_time desc, run_id);

create table installation (
  only_row       boolean primary key default true check (only_row),
  page_token_key bytea not null,
  virtual_now    timestamptz
);
insert into installation (page_token_key)
  values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- Makes the partition of a usage day. Attaching a finished table blocks nobody who reads or writes.
-- pg_class is asked by a statement of its own after the lock, which sees what the last holder made.
create function ensure_billing_day(day date) returns void language plpgsql as $$
declare
  partition text := 'billing_item_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(partition) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('ensure_billing_day'));
  perform from pg_class where relname = partition;
  if not found then
    execute format('create table %I (like billing_item including defaults)', partition);
    execute format('alter table billing_item attach partition %I for values from (%L) to (%L)',
                   partition, day, day + 1);
  end if;
end $$;
