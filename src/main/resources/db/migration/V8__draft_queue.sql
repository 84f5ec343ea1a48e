-- The queue of a bill run: ranges of accounts whose drafts are billed together. To claim one row is
-- to claim a thousand drafts, and those that are done are deleted page by page.
create table bill_chunk (
  chunk_id      bigint generated always as identity primary key,
  cycle         text not null,
  first_account text not null,
  last_account  text not null
);
