-- A tag that comes and goes by a rule: on whoever is in the rule's own segment, off whoever no longer is.
create table auto_tag_rule (
  corp_id    bigint not null references corp on delete cascade,
  rule_id    bigint generated always as identity,
  tag_id     bigint not null,
  segment_id bigint not null,                  -- kept for this rule alone, `used_by = 'tags'`
  keep       boolean not null,                 -- once given it stays when the rule stops holding
  rank       integer not null,                 -- within the tag's group; where it is exclusive the lowest that holds wins
  state      text not null check (state in ('on', 'off')), -- off: puts nothing and takes nothing off
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (corp_id, rule_id),
  foreign key (corp_id, tag_id) references tag on delete cascade,
  foreign key (corp_id, segment_id) references segment on delete cascade
);
create unique index auto_tag_rule_tag on auto_tag_rule (corp_id, tag_id) where deleted_at is null;

-- Groups in which rules give one tag at most.
create table auto_tag_exclusive (
  corp_id      bigint not null,
  tag_group_id bigint not null,
  primary key (corp_id, tag_group_id),
  foreign key (corp_id, tag_group_id) references tag_group on delete cascade
);

-- Local queue: customers whose tags are to be set right, many a row, written in the transaction that changed something.
create table auto_tag_due (
  due_id      bigint generated always as identity primary key,
  corp_id     bigint not null references corp on delete cascade,
  contact_ids bigint[] not null
);
create index auto_tag_due_corp on auto_tag_due (corp_id, due_id);

-- Customers a rule put its tag on and took it off, by day of Asia/Shanghai.
create table auto_tag_day (
  corp_id bigint not null,
  rule_id bigint not null,
  day     date not null,
  put     integer not null,
  taken   integer not null,
  primary key (corp_id, rule_id, day),
  foreign key (corp_id, rule_id) references auto_tag_rule on delete cascade
);

-- A person took a tag off while a rule gives it: the rule leaves it off until the customer has gone out of it or into it again.
create table tag_refusal (
  corp_id    bigint not null,
  contact_id bigint not null,
  tag_id     bigint not null,
  at         timestamptz not null,
  primary key (corp_id, contact_id, tag_id),
  foreign key (corp_id, contact_id) references contact on delete cascade,
  foreign key (corp_id, tag_id) references tag on delete cascade
);

-- A bulk run over what one rule put, and nothing else.
alter table bulk_run add column of_rule_id bigint;

do $$
declare t text;
begin
  foreach t in array array['auto_tag_rule', 'auto_tag_exclusive', 'auto_tag_day', 'tag_refusal'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
