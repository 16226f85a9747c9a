-- What is counted of each customer: one kind of event, told apart by its properties, and a property summed up. Written once,
-- however many rules read it.
create table fact (
  corp_id    bigint not null references corp on delete cascade,
  fact_id    bigint generated always as identity,
  key        text not null,                    -- hash of all that follows: the same fact is one row
  kind       text not null,                    -- an event's; 'order.paid' is counted from the orders themselves
  filter     jsonb not null,                   -- [{ prop, op, values }], all of which hold
  amount     text,                             -- the property that is summed up
  untrusted  boolean not null,                 -- whether what browsers told counts too
  filled_at  timestamptz,                      -- null until the journal of before has been counted
  created_at timestamptz not null,
  primary key (corp_id, fact_id),
  unique (corp_id, key)
);

create table contact_fact (
  corp_id    bigint not null,
  contact_id bigint not null,
  fact_id    bigint not null,
  number     integer not null,
  total      bigint not null,
  first_at   timestamptz not null,
  last_at    timestamptz not null,
  times      timestamptz[] not null,           -- the newest 16, newest first,
  amounts    bigint[] not null,                -- and what each of them adds to the total
  primary key (corp_id, contact_id, fact_id),
  foreign key (corp_id, contact_id) references contact on delete cascade,
  foreign key (corp_id, fact_id) references fact on delete cascade
) with (fillfactor = 80);
create index contact_fact_last on contact_fact (corp_id, fact_id, last_at) include (contact_id, number, total);

-- Whether an event's properties are what a fact asks for. The same in facts/matches.ts; a test holds the two together.
create function fact_matches(filter jsonb, props jsonb) returns boolean language sql immutable parallel safe as $$
  select coalesce(bool_and(case f->>'op'
    when 'is' then exists (select from jsonb_array_elements(f->'values') v where props->(f->>'prop') @> v)
    when 'contains' then jsonb_typeof(props->(f->>'prop')) = 'string'
      and exists (select from jsonb_array_elements_text(f->'values') v where strpos(props->>(f->>'prop'), v) > 0)
    when 'atLeast' then case when jsonb_typeof(props->(f->>'prop')) = 'number' then (props->(f->>'prop'))::numeric >= (f->'values'->0)::numeric else false end
    when 'atMost' then case when jsonb_typeof(props->(f->>'prop')) = 'number' then (props->(f->>'prop'))::numeric <= (f->'values'->0)::numeric else false end
  end), true) from jsonb_array_elements(filter) f
$$;

-- Local queue: of whom something has changed that rules read. One row a batch, taken by the worker that keeps the segments.
create table contact_change (
  change_id   bigint generated always as identity primary key,
  corp_id     bigint not null references corp on delete cascade,
  contact_ids bigint[] not null,
  touched     text[] not null                  -- 'contact', 'fact:12', 'field:3'
);
create index contact_change_corp on contact_change (corp_id, change_id);

create table segment (
  corp_id     bigint not null references corp on delete cascade,
  segment_id  bigint generated always as identity,
  name        text not null check (char_length(name) between 1 and 30),
  note        text not null default '',
  version     integer not null default 0,      -- the one that is read; 0 while the first is being built
  created_by  text not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  archived_at timestamptz,
  primary key (corp_id, segment_id)
);
create unique index segment_name on segment (corp_id, name) where archived_at is null;

create table segment_version (
  corp_id    bigint not null,
  segment_id bigint not null,
  version    integer not null,
  rule       jsonb not null,
  state      text not null check (state in ('building', 'live', 'old', 'failed')),
  done       integer not null default 0,       -- customers looked at while building,
  total      integer,                          -- of so many
  cause      text,
  made_by    text not null,
  made_at    timestamptz not null,
  live_at    timestamptz,
  primary key (corp_id, segment_id, version),
  foreign key (corp_id, segment_id) references segment on delete cascade
);

-- Who is in, from when until when. Rows that end later than now say all that is still to come if nothing else happens;
-- a read asks `since <= now and now < until` and is right however late the sweeper is.
create table segment_member (
  corp_id    bigint not null,
  contact_id bigint not null,
  segment_id bigint not null,
  version    integer not null,
  since      timestamptz not null,
  until      timestamptz not null,             -- 'infinity': until something happens
  in_by      text not null check (in_by in ('event', 'time')),
  out_by     text not null check (out_by in ('event', 'time')),
  primary key (corp_id, contact_id, segment_id, version, since),
  foreign key (corp_id, contact_id) references contact on delete cascade,
  foreign key (corp_id, segment_id, version) references segment_version on delete cascade
);
create index segment_member_read on segment_member (corp_id, segment_id, version, until, since) include (contact_id);
create index segment_member_coming on segment_member (corp_id, segment_id, version, since) where in_by = 'time';

-- Who went in and out, a row for many at once: what journeys and rules of tags follow, in order.
create table segment_flip (
  corp_id    bigint not null,
  flip_id    bigint generated always as identity,
  segment_id bigint not null,
  version    integer not null,
  at         timestamptz not null,
  why        text not null check (why in ('event', 'time', 'edit')), -- edit: the rule was made or changed
  entered    bigint[] not null,
  exited     bigint[] not null,
  primary key (corp_id, flip_id),
  foreign key (corp_id, segment_id) references segment on delete cascade
);
create index segment_flip_segment on segment_flip (corp_id, segment_id, flip_id);

-- Local queue: up to when what time alone changes has been announced, and when it will change something next.
create table segment_clock (
  corp_id  bigint primary key references corp on delete cascade,
  swept_at timestamptz not null,
  next_at  timestamptz not null
);
create index segment_clock_due on segment_clock (next_at);

do $$
declare t text;
begin
  foreach t in array array['fact', 'contact_fact', 'segment', 'segment_version', 'segment_member', 'segment_flip'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
