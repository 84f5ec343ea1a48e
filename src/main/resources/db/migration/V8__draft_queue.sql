-- A bill run claims drafts in this order, chunk by chunk; without an index it sorts all of them for
-- each chunk.
create index bill_draft_queue on bill_draft (cycle, epoch, account_id, product) where failure is null;
