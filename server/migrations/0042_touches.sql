-- Who may be reached, how often, and what became of every intention to do so.
create table touch_policy (                        -- 触达规则; the newest version holds
  corp_id  bigint not null references corp on delete cascade,
  version  integer not null,
  policy   jsonb not null,
  saved_by text not null,
  saved_at timestamptz not null,
  primary key (corp_id, version)
);

create table touch_setting (
  corp_id bigint primary key references corp on delete cascade,
  salt    integer not null                         -- of the global holdout: never changed, so that it stays the same people
);

create table touch_agreement_text (                -- what people are asked to agree to, word for word
  corp_id    bigint not null references corp on delete cascade,
  kind       text not null check (kind in ('member', 'subscribe', 'advisor')), -- 会员 · 订阅 · 顾问
  version    integer not null,
  body       text not null check (char_length(body) between 1 and 2000),
  written_by text not null,
  written_at timestamptz not null,
  primary key (corp_id, kind, version)
);

create table touch_agreement (
  corp_id        bigint not null references corp on delete cascade,
  contact_id     bigint not null,
  kind           text not null check (kind in ('member', 'subscribe', 'advisor')),
  given_at       timestamptz not null,
  text_version   integer not null,
  proof          jsonb not null,                   -- { by, how, … }: who took it and where it can be looked up
  withdrawn_at   timestamptz,
  withdrawn_how  jsonb,
  primary key (corp_id, contact_id, kind, given_at),
  foreign key (corp_id, contact_id) references contact on delete cascade,
  foreign key (corp_id, kind, text_version) references touch_agreement_text (corp_id, kind, version)
);
create unique index touch_agreement_open on touch_agreement (corp_id, contact_id, kind) where withdrawn_at is null;

create table touch_refusal (                       -- 不再打扰
  corp_id    bigint not null references corp on delete cascade,
  contact_id bigint not null,
  channel    text not null check (channel in ('*', 'mass', 'chat', 'moment')),
  why        text not null check (why in ('customer', 'blacklist', 'platform')), -- his own word, the corp's list, WeCom's refusal
  note       text not null check (char_length(note) <= 200),
  since      timestamptz not null,
  until      timestamptz,                          -- null: until it is lifted
  actor      text not null,
  primary key (corp_id, contact_id, channel, why),
  foreign key (corp_id, contact_id) references contact on delete cascade
);

create index touch_refusal_newest on touch_refusal (corp_id, since desc, contact_id desc, channel desc, why desc);

-- One intention to reach many.
create table touch (
  corp_id     bigint not null references corp on delete cascade,
  touch_id    bigint generated always as identity,
  channel     text not null check (channel in ('mass', 'chat', 'moment')),
  topic       text not null check (char_length(topic) between 1 and 20),
  source_kind text not null check (source_kind in ('broadcast', 'journey', 'moment')),
  source_id   text not null check (char_length(source_id) between 1 and 80),
  title       text not null check (char_length(title) between 1 and 80),
  at          timestamptz not null,
  day         date not null,                       -- of `at`, in Shanghai
  priority    smallint not null check (priority between 1 and 9), -- 1 is the most important
  exempt      boolean not null,                    -- its topic is not counted against caps and holdouts
  planned_at  timestamptz not null,
  released_at timestamptz,
  primary key (corp_id, touch_id),
  unique (corp_id, source_kind, source_id)
);
create index touch_on_day on touch (corp_id, day, touch_id);

-- What became of each of 4096 customers: a byte for each, see touches/fates.ts.
create table touch_fate (
  corp_id  bigint not null,
  touch_id bigint not null,
  block    bigint not null,                        -- contact_id >> 12
  day      date not null,                          -- the touch's
  fates    bytea not null check (octet_length(fates) = 4096),
  primary key (corp_id, touch_id, block),
  foreign key (corp_id, touch_id) references touch on delete cascade
);
create index touch_fate_block on touch_fate (corp_id, block, day);

-- How many live touches each of 4096 customers has on a day: the sums of the fates.
create table touch_day (
  corp_id bigint not null references corp on delete cascade,
  block   bigint not null,
  day     date not null,
  channel text not null,
  topic   text not null,
  counts  bytea not null check (octet_length(counts) = 4096),
  primary key (corp_id, block, day, channel, topic)
);

-- Held while a block's fates and sums are read and written.
create table touch_block (
  corp_id bigint not null references corp on delete cascade,
  block   bigint not null,
  primary key (corp_id, block)
);

-- How many customers each member is asked to write to by a touch.
create table touch_load (
  corp_id  bigint not null,
  touch_id bigint not null,
  staff_id bigint not null,
  day      date not null,                          -- the touch's
  asked    integer not null check (asked > 0),
  primary key (corp_id, touch_id, staff_id),
  foreign key (corp_id, touch_id) references touch on delete cascade
);
create index touch_load_day on touch_load (corp_id, day, staff_id);

-- How many customers of a touch came to which end: moved by the statement that moves the fates.
create table touch_count (
  corp_id  bigint not null,
  touch_id bigint not null,
  fate     smallint not null,
  people   integer not null,
  primary key (corp_id, touch_id, fate),
  foreign key (corp_id, touch_id) references touch on delete cascade
);

do $$
declare t text;
begin
  foreach t in array array['touch_policy', 'touch_setting', 'touch_agreement_text', 'touch_agreement', 'touch_refusal', 'touch', 'touch_fate', 'touch_day', 'touch_block', 'touch_load', 'touch_count'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
