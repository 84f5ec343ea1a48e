-- All text is ordered by its bytes, whatever the language of the database: ids are no words. Every
-- index stays right when a new version of the operating system orders a language another way, ids are
-- compared several times faster, and here as in Java. New columns of text say collate "C" too.
-- Tables are not written again, only their indexes are. Views stand in the way, and come back as they were.
do $$
declare
  views constant text[] := array['books', 'circumstance', 'billable_item', 'unbilled_item'];
  definitions text[];
  changed record;
begin
  select array_agg(format('create view %I as %s', name, pg_get_viewdef(name::regclass)) order by place)
  into definitions
  from unnest(views) with ordinality v (name, place);
  execute 'drop view ' || array_to_string(views, ', ');
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
  for place in 1 .. cardinality(definitions) loop
    execute definitions[place];
  end loop;
end $$;

-- What decides about an account asks for its unpaid bills that fall due: most bills never do.
create index bill_falls_due on bill (account_id) where unpaid > 0 and due_at is not null;
