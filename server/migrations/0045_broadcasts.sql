-- What is said to many customers at once, by whom and when; and what came of it.
create table broadcast_setting (
  corp_id        bigint primary key references corp on delete cascade,
  approval_above integer not null check (approval_above between 0 and 1000000) -- more customers need another person's word
);

create table broadcast_list (                      -- a list of customers somebody brought
  corp_id           bigint not null references corp on delete cascade,
  broadcast_list_id bigint generated always as identity,
  name              text not null check (char_length(name) between 1 and 60),
  contact_ids       bigint[] not null,
  unknown           integer not null,              -- lines that are nobody's
  made_by           text not null,
  made_at           timestamptz not null,
  primary key (corp_id, broadcast_list_id)
);

create table broadcast (                           -- 群发
  corp_id      bigint not null references corp on delete cascade,
  broadcast_id bigint generated always as identity,
  request_key  text not null check (char_length(request_key) between 8 and 64), -- of the one page that asked for it
  name         text not null check (char_length(name) between 1 and 60),
  topic        text not null check (char_length(topic) between 1 and 20),
  priority     smallint not null check (priority between 1 and 9),
  holdout      smallint not null check (holdout between 0 and 500),             -- of a thousand
  audience     jsonb not null,
  variants     jsonb not null,
  senders      jsonb not null,
  schedule     jsonb not null,
  window_days  smallint not null check (window_days between 1 and 30),          -- in which orders and farewells count for it
  version      integer not null default 1,
  state        text not null check (state in ('draft', 'live', 'ended')),
  account_id   bigint not null,                    -- who asks for it
  actor        text not null,
  scope        bigint[],                           -- whose customers he may write to; null: the whole corp's
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  removed_at   timestamptz,
  primary key (corp_id, broadcast_id),
  unique (corp_id, request_key)
);

create table broadcast_run (                       -- one planned occurrence, frozen
  corp_id       bigint not null,
  run_id        bigint generated always as identity,
  broadcast_id  bigint not null,
  occurrence    text not null,                     -- what makes it one: the time of a rhythm, or the how-manieth asking
  at            timestamptz not null,
  content       jsonb not null,                    -- as it was asked for: what is said, to whom, by whom
  state         text not null check (state in ('planning', 'waiting', 'ready', 'sending', 'asked', 'done', 'stopped', 'refused', 'failed', 'lapsed')),
  cause         text,
  touch_id      bigint,
  hash          bytea,                             -- over all that is sent and everybody it is sent to
  people        integer,
  picked        integer,
  unsendable    integer,                           -- nobody who may write follows them
  asked_by      bigint not null,
  asked_name    text not null,
  asked_at      timestamptz not null,
  approved_by   bigint,
  approved_name text,
  approved_at   timestamptz,
  note          text not null default '' check (char_length(note) <= 200),
  needs_word    boolean not null default false,    -- another person's
  not_before    timestamptz,                       -- quiet hours, or WeCom is to be left alone until then
  began_at      timestamptz,
  ended_at      timestamptz,
  primary key (corp_id, run_id),
  foreign key (corp_id, broadcast_id) references broadcast on delete cascade,
  unique (corp_id, broadcast_id, occurrence),
  constraint maker_is_not_checker check (approved_by is null or not needs_word or approved_by <> asked_by),
  constraint sent_only_with_a_word check (not needs_word or approved_by is not null or state in ('planning', 'waiting', 'stopped', 'refused', 'failed', 'lapsed'))
);
create index broadcast_run_open on broadcast_run (corp_id, at) where state in ('planning', 'waiting', 'ready', 'sending', 'asked');
create index broadcast_run_of on broadcast_run (corp_id, broadcast_id, at desc);

create table broadcast_chunk (                     -- what one member is asked to send: one task of WeCom's
  corp_id     bigint not null,
  run_id      bigint not null,
  number      integer not null,
  staff_id    bigint not null,
  variant     smallint not null,
  text        text not null,                       -- as it goes out
  contact_ids bigint[] not null check (cardinality(contact_ids) between 1 and 10000),
  hash        bytea not null,
  state       text not null check (state in ('planned', 'sending', 'accepted', 'unknown', 'refused', 'cancelled')),
  confirmed   bigint[],                            -- who still had his place when it was handed over
  attempts    smallint not null default 0,
  sending_at  timestamptz,
  lease_until timestamptz,                         -- on the database's real clock
  unknown_since timestamptz,
  unclear     boolean not null default false,      -- only a person can tell
  msgid       text,
  cause       text,
  task        text check (task in ('open', 'sent', 'stopped', 'lapsed')), -- what WeCom says of the member
  sent_at     timestamptz,
  sent        integer not null default 0,
  failed      integer not null default 0,
  look_at     timestamptz,                         -- when WeCom is asked next
  stop_asked  boolean not null default false,
  reminded    timestamptz[] not null default '{}',
  primary key (corp_id, run_id, number),
  foreign key (corp_id, run_id) references broadcast_run on delete cascade,
  foreign key (corp_id, staff_id) references staff,
  check ((state = 'accepted') = (task is not null))
);
create unique index broadcast_chunk_msgid on broadcast_chunk (corp_id, msgid) where msgid is not null;
create index broadcast_chunk_due on broadcast_chunk (corp_id, run_id, number) where state = 'planned';
create index broadcast_chunk_open on broadcast_chunk (corp_id, state) where state in ('sending', 'unknown');
create index broadcast_chunk_look on broadcast_chunk (corp_id, look_at) where look_at is not null;

do $$
declare t text;
begin
  foreach t in array array['broadcast_setting', 'broadcast_list', 'broadcast', 'broadcast_run', 'broadcast_chunk'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
