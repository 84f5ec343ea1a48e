-- The outbox and its channels (docs/adr/0011-outbox.md).

alter table account
  add column time_zone    text not null default '',
  add column delivered_at timestamptz;
comment on column account.time_zone is 'empty means that of whatever is told';
comment on column account.delivered_at is 'when a channel that confirms had delivered the notification of the open episode';
alter table service add column delivered_at timestamptz;

-- One row a channel. What the version before writes is the stream's, which has it at once.
alter table notification
  add column channel          text        not null default 'STREAM',
  add column notification_id  text        not null default '',
  add column state            text        not null default 'SENT',
  add column send_at          timestamptz,
  add column time_zone        text        not null default '',
  add column next_state       text,
  add column next_at          timestamptz,
  add column receiver         text        not null default '',
  add column leased_until     timestamptz,
  add column attempts         int         not null default 0,
  add column first_attempt_at timestamptz,
  add column sent_at          timestamptz,
  add column last_error       text        not null default '',
  add column receipt_due      boolean     not null default false,
  add column stamp            bigint      not null default 0,
  drop constraint notification_pkey,
  add primary key (account_id, episode, rung, product, detail, channel);
alter table notification alter column stamp set default stamp();
update notification set notification_id = 'ntf_' || substr(encode(sha256(convert_to(
  concat_ws(E'\n', account_id, episode::text, rung, product, detail), 'UTF8')), 'hex'), 1, 32);
comment on column notification.notification_id is 'of what is told: the same in every channel and at every repetition';
comment on column notification.send_at is 'when it is to be sent next, by the service''s clock; null in the stream, which has it at once';
comment on column notification.receiver is 'what is slow or broken together: the origin of a webhook, or the mail server';
comment on column notification.leased_until is 'by the database''s clock: what a replica took that died is free again';
comment on column notification.receipt_due is 'it was delivered, and the account does not know yet';
create index notification_stamp on notification (stamp) where channel = 'STREAM';
create index notification_pending on notification (channel, send_at) where state = 'PENDING';
create index notification_parked on notification (channel) where state = 'PARKED';
create index notification_receipt on notification (account_id) where receipt_due;

alter table installation add column webhook_key bytea;
comment on column installation.webhook_key is 'from which webhooks'' secrets are derived where no key is configured';
