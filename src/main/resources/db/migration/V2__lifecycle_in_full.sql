-- What people, products and policies add to where an account stands.

alter table account
  add column episode        bigint,
  add column terms_since    timestamptz,
  add column runway_alerted boolean not null default false;
update account set episode = episodes where overdue_since is not null;
comment on column account.episode is 'the open one by the account''s own limit; services that judge by themselves have theirs';
comment on column account.terms_since is 'what decides about it last changed then: nothing that follows from it was earlier';

alter table service
  add column moved_at          timestamptz,
  add column reasons           text    not null default '',
  add column suspended_at      timestamptz,
  add column stage             int     not null default 0,
  add column stage_at          timestamptz,
  add column released_at       timestamptz,
  add column clearing_since    timestamptz,
  add column erased            boolean not null default false,
  add column policy_version    bigint  not null default 0,
  add column episode           bigint,
  add column cause             text,
  add column overdue_since     timestamptz,
  add column below_limit_since timestamptz,
  add column bill_issued_at    timestamptz,
  add column notified_at       timestamptz,
  add column received_at       timestamptz,
  add column cleared_at        timestamptz,
  add column settled_at        timestamptz,
  add column erased_categories text    not null default '',
  add column reminded          text    not null default '',
  add column features          text    not null default '',
  add column clear_categories  text    not null default '',
  add column tell_at           timestamptz,
  add column told_times        int     not null default 0,
  add column last_error        text    not null default '';
update service set moved_at = state_since;
update service set reasons = 'ARREARS', suspended_at = state_since where state = 'SUSPENDED';
update service set released_at = state_since where state = 'REPOSSESSED';
update service set policy_version = 1 where state <> 'ACTIVE';
alter table service alter column moved_at set not null;
comment on column service.policy_version is 'the version that the running timer started under; 0 while none runs';
comment on column service.overdue_since is 'of its own episode, where its policy judges by more than the account''s limit';
comment on column service.erased_categories is 'as the product reported: category=instant@generation, ...';
comment on column service.tell_at is 'when the product is to be told again to erase what it has not reported as erased; null means at once';
create index service_clearing on service (tell_at, account_id) where clear_categories <> '';
create index service_overdue on service (account_id) where overdue_since is not null;
create index service_erased on service (account_id) where access = 'ERASED';
create index service_leaving on service (account_id)
  where state = 'DEACTIVATING' and settled_at is null;

create table restriction (
  account_id     text        not null,
  restriction_id text        not null,
  request_id     text        not null,
  request_digest bytea       not null,
  product        text        not null,
  reason         text        not null,
  comment        text        not null,
  placed_by      text        not null,
  place_time     timestamptz not null,
  lift_time      timestamptz,
  lifted_by      text,
  lift_comment   text,
  primary key (account_id, restriction_id),
  unique (account_id, request_id)
);

-- The account of a cohort's hold is the empty one.
create table hold (
  account_id      text        not null,
  hold_id         text        not null,
  request_id      text        not null,
  request_digest  bytea       not null,
  product         text        not null,
  tier            text        not null,
  region          text        not null,
  place_time      timestamptz not null,
  until_time      timestamptz not null,
  end_time        timestamptz,
  reason          text        not null,
  promised        numeric,
  currency        text,
  paid            numeric     not null default 0,
  broken_time     timestamptz,
  placed_by       text        not null,
  released_by     text,
  release_reason  text,
  primary key (account_id, hold_id),
  unique (account_id, request_id)
);

-- Found by its ticket alone: where the schema is distributed, a reference table.
create table deactivation (
  ticket_id     text primary key,
  account_id    text        not null,
  product       text        not null,
  state         text        not null,
  reason        text        not null,
  requested_by  text        not null,
  request_time  timestamptz not null,
  approved_by   text,
  approve_time  timestamptz,
  cancelled_by  text,
  cancel_reason text,
  cancel_time   timestamptz,
  complete_time timestamptz,
  certificate   bytea
);
create index deactivation_account on deactivation (account_id) where state = 'APPROVED';

create table prepaid_package (
  account_id  text        not null,
  package_id  text        not null,
  product     text        not null,
  remaining   numeric     not null,
  unit        text        not null,
  expire_time timestamptz,
  report_time timestamptz not null,
  primary key (account_id, package_id)
);

-- Idempotency keys of commands that leave no row of their own.
create table command (
  account_id     text        not null,
  request_id     text        not null,
  request_digest bytea       not null,
  at             timestamptz not null,
  primary key (account_id, request_id)
);

alter table bill add column due_at timestamptz;

-- From since to until, only usage whose sku matches one of these lines is billed.
create table unbilled_span (
  account_id text        not null,
  product    text        not null,
  since      timestamptz not null,
  until_time timestamptz,
  billed     text        not null,
  primary key (account_id, product, since)
);

create view billable_item as
  select i.* from billing_item i
  where not exists (
    select from unbilled_span u
    where u.account_id = i.account_id and u.product = i.product
      and i.usage_start >= u.since and (u.until_time is null or i.usage_start < u.until_time)
      and not i.sku like any (string_to_array(u.billed, E'\n')));

alter table notification
  add column product text not null default '',
  add column detail  text not null default '',
  drop constraint notification_pkey,
  add primary key (account_id, episode, rung, product, detail);

create table policy_version (
  product        text        not null,
  version        bigint      not null,
  document       text        not null,
  effective_from timestamptz not null,
  retroactive    boolean     not null,
  applied_by     text        not null,
  applied_at     timestamptz not null,
  primary key (product, version)
);

-- All that a decision about an account looks at besides its money and its services, in one read.
-- What concerns every account stands under the empty one: cohorts' holds, and how many versions of
-- policies there are, so that no replica decides by rules that have been replaced.
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
