-- Journeys: what is done with customers one after another, each in his own time.
create table journey (
  corp_id     bigint not null references corp on delete cascade,
  journey_id  bigint generated always as identity,
  request_key text not null check (char_length(request_key) between 8 and 64),
  name        text not null,
  state       text not null check (state in ('draft', 'live', 'paused', 'ended')),
  draft       jsonb not null,
  revision    integer not null default 1,
  version     integer,                             -- what runs; null: it never did
  priority    smallint not null default 5 check (priority between 1 and 9),
  account_id  bigint not null,                     -- who published it, or wrote it last
  actor       text not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  removed_at  timestamptz,
  primary key (corp_id, journey_id),
  unique (corp_id, request_key)
);

create table journey_version (                     -- as it was published; never changed
  corp_id      bigint not null,
  journey_id   bigint not null,
  version      integer not null,
  graph        jsonb not null,
  hash         bytea not null,
  account_id   bigint not null,
  actor        text not null,
  published_at timestamptz not null,
  primary key (corp_id, journey_id, version),
  foreign key (corp_id, journey_id) references journey on delete cascade
);

create table journey_enrolment (                   -- somebody under way, or who was
  corp_id    bigint not null,
  journey_id bigint not null,
  contact_id bigint not null,
  run        integer not null,                     -- his how-manieth time
  version    integer not null,
  entered_at timestamptz not null,
  goal_at    timestamptz,
  ended_at   timestamptz,
  ended      text,
  primary key (corp_id, journey_id, contact_id, run),
  foreign key (corp_id, journey_id) references journey on delete cascade
);
create unique index journey_enrolment_open on journey_enrolment (corp_id, contact_id, journey_id) where ended_at is null;

create table journey_packet (                      -- people who stand at one step until the same instant
  corp_id     bigint not null,
  packet_id   bigint generated always as identity,
  journey_id  bigint not null,
  version     integer not null,
  step        text not null,
  due_at      timestamptz not null,
  contact_ids bigint[] not null check (cardinality(contact_ids) between 1 and 20000), -- ascending
  primary key (corp_id, packet_id),
  foreign key (corp_id, journey_id) references journey on delete cascade
);
create index journey_packet_due on journey_packet (corp_id, due_at, packet_id);
create index journey_packet_at on journey_packet (corp_id, journey_id, version, step, due_at);

create table journey_tally (                       -- how many came to a step (port in) and left it by each of its ways
  corp_id    bigint not null,
  journey_id bigint not null,
  step       text not null,
  port       text not null,
  people     bigint not null,
  primary key (corp_id, journey_id, step, port),
  foreign key (corp_id, journey_id) references journey on delete cascade
);

create table journey_ask (                         -- a mass message a step has asked for
  corp_id      bigint not null,
  journey_id   bigint not null,
  step         text not null,
  version      integer not null,
  run_id       bigint not null,
  asked_at     timestamptz not null,
  stop_at      timestamptz,                        -- when what is unsent is taken back
  primary key (corp_id, journey_id, run_id),
  foreign key (corp_id, journey_id) references journey on delete cascade,
  foreign key (corp_id, run_id) references broadcast_run (corp_id, run_id) on delete cascade
);
create index journey_ask_stop on journey_ask (corp_id, stop_at) where stop_at is not null;

create table journey_step_broadcast (              -- the broadcast whose runs a step's messages are
  corp_id      bigint not null,
  journey_id   bigint not null,
  version      integer not null,
  step         text not null,
  broadcast_id bigint not null,
  primary key (corp_id, journey_id, version, step),
  foreign key (corp_id, journey_id) references journey on delete cascade,
  foreign key (corp_id, broadcast_id) references broadcast on delete cascade
);

create table journey_fired (                       -- days a calendar has started a journey on
  corp_id    bigint not null,
  journey_id bigint not null,
  day        date not null,
  primary key (corp_id, journey_id, day),
  foreign key (corp_id, journey_id) references journey on delete cascade
);

create table journey_notice (                      -- words for a member that wait to be told
  corp_id    bigint not null,
  notice_id  bigint generated always as identity,
  staff_id   bigint not null,
  contact_id bigint not null,
  title      text not null,
  words      text not null,
  at         timestamptz not null,
  batch      uuid,
  primary key (corp_id, contact_id, notice_id),
  foreign key (corp_id, staff_id) references staff on delete cascade
);
create index journey_notice_batch on journey_notice (corp_id, staff_id, batch);

create table event_ear (                           -- kinds of events somebody wants to hear of
  corp_id bigint not null references corp on delete cascade,
  ear     text not null,
  kind    text not null,
  primary key (corp_id, ear, kind)
);
create table event_heard (                         -- what an ear has not taken yet
  corp_id    bigint not null references corp on delete cascade,
  heard_id   bigint generated always as identity,
  ear        text not null,
  contact_id bigint not null,
  kind       text not null,
  at         timestamptz not null,
  staff_id   bigint,
  props      jsonb not null,
  primary key (corp_id, ear, heard_id, contact_id)
);

alter table task add column asked_by text check (char_length(asked_by) <= 60); -- the rule that gave it, where somebody counts its tasks
create index task_asked_by on task (corp_id, asked_by) where asked_by is not null;

do $$
declare t text;
begin
  foreach t in array array['journey', 'journey_version', 'journey_enrolment', 'journey_packet', 'journey_tally', 'journey_ask', 'journey_step_broadcast', 'journey_fired', 'journey_notice', 'event_ear', 'event_heard'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;

alter table broadcast_list add column own boolean not null default true; -- false: a journey's, of whoever came to a step
