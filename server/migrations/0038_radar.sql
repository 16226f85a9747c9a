-- Radar: who opened what was sent, how long, how far, and to whom it went on.

-- A link is opened before its corp is known. Half of the sha-256 of what stands in it: whoever reads the table opens none.
create table radar_token (
  token_mark bytea primary key,
  corp_id    bigint not null references corp on delete cascade,
  link_id    bigint not null
);

create table radar_link (
  corp_id           bigint not null references corp on delete cascade,
  link_id           bigint generated always as identity,
  token_sealed      bytea not null,
  target_mark       bytea not null,            -- of material, member, way, whom and whence: sent again it is the same link
  material_id       bigint not null,
  version           integer not null,          -- of the material when the link was made; readers see the newest
  staff_id          bigint not null,
  channel           text not null check (channel in ('chat', 'group', 'moment', 'broadcast', 'code', 'other')),
  chat_id           text,                      -- the group, the code … it was sent to
  contact_id        bigint,                    -- the one person it was sent to
  parent_link_id    bigint,                    -- a reader's own: opened by others, he has forwarded it
  parent_view_id    uuid,
  parent_contact_id bigint,
  created_at        timestamptz not null,
  primary key (corp_id, link_id),
  unique (corp_id, target_mark)
);
create index radar_link_material on radar_link (corp_id, material_id, created_at) where parent_link_id is null;

-- One reading of one link. Two seconds in the page begin it, silence ends it; the sums below hold it once.
create table radar_view (
  corp_id     bigint not null references corp on delete cascade,
  view_id     uuid not null,
  link_id     bigint not null,
  material_id bigint not null,
  version     integer not null,
  staff_id    bigint not null,
  channel     text not null,
  contact_id  bigint,                          -- null: he would rather not be known, and nothing more is kept of it
  known       boolean not null,                -- WeCom said who he is; else a device alone
  opened_at   timestamptz not null,
  heard_at    timestamptz not null,            -- by the real clock: silence is measured there
  beat        integer not null,                -- number of the newest one heard
  seconds     integer not null,
  depth       smallint not null,               -- of a hundred
  settled     boolean not null default false,
  primary key (corp_id, view_id)
);
create index radar_view_open on radar_view (corp_id, heard_at) where not settled;
create index radar_view_reader on radar_view (corp_id, contact_id, material_id, opened_at) where contact_id is not null;

-- Sums kept with every view: nobody reads views to count them.
create table radar_reader (
  corp_id     bigint not null references corp on delete cascade,
  material_id bigint not null,
  contact_id  bigint not null,
  opens       integer not null default 0,
  seconds     bigint not null default 0,
  depth       smallint not null default 0,
  known       boolean not null default false,
  first_at    timestamptz,
  last_at     timestamptz,
  primary key (corp_id, material_id, contact_id)
);
create index radar_reader_last on radar_reader (corp_id, material_id, last_at desc, contact_id desc);
create index radar_reader_opens on radar_reader (corp_id, material_id, opens desc, contact_id desc);
create index radar_reader_seconds on radar_reader (corp_id, material_id, seconds desc, contact_id desc);
create index radar_reader_contact on radar_reader (corp_id, contact_id);

-- Who has read it by which facet: '' all, 'staff:12' by a member's links, 'channel:chat' by a way. Each person once.
create table radar_seen (
  corp_id     bigint not null references corp on delete cascade,
  material_id bigint not null,
  facet       text not null,
  contact_id  bigint not null,
  last_on     date,
  primary key (corp_id, material_id, facet, contact_id)
);

create table radar_sum (
  corp_id     bigint not null references corp on delete cascade,
  material_id bigint not null,
  facet       text not null,
  opens       integer not null default 0,
  people      integer not null default 0,
  readings    integer not null default 0,      -- views that have ended, of persons
  seconds     bigint not null default 0,
  depths      integer[] not null default '{0,0,0,0,0,0,0,0,0,0,0}', -- of those views, by how many tenths were read
  forwards    integer not null default 0,
  primary key (corp_id, material_id, facet)
);

create table radar_day (
  corp_id     bigint not null references corp on delete cascade,
  material_id bigint not null,
  facet       text not null,
  on_day      date not null,
  opens       integer not null default 0,
  people      integer not null default 0,
  seconds     bigint not null default 0,
  primary key (corp_id, material_id, facet, on_day)
);

-- Who read it from whose forwarding.
create table radar_forward (
  corp_id      bigint not null references corp on delete cascade,
  material_id  bigint not null,
  from_contact bigint not null,
  to_contact   bigint not null,
  staff_id     bigint not null,
  opens        integer not null,
  first_at     timestamptz not null,
  primary key (corp_id, material_id, from_contact, to_contact)
);
create index radar_forward_first on radar_forward (corp_id, material_id, first_at);

-- Who would rather not be seen reading: a mark of the person or of the device.
create table radar_quiet (
  corp_id bigint not null references corp on delete cascade,
  mark    bytea not null,
  since   timestamptz not null,
  primary key (corp_id, mark)
);

-- What members are still to be told, and when each was last told something.
create table radar_notice (
  corp_id     bigint not null references corp on delete cascade,
  staff_id    bigint not null,
  view_id     uuid not null,
  contact_id  bigint not null,
  material_id bigint not null,
  is_first    boolean not null,                -- his first opening of it: told at once
  noted_at    timestamptz not null,
  batch       uuid,
  primary key (corp_id, staff_id, view_id)
);
create table radar_bell (
  corp_id  bigint not null references corp on delete cascade,
  staff_id bigint not null,
  rung_at  timestamptz[] not null,             -- of the last hour, newest last
  primary key (corp_id, staff_id)
);
create table radar_setting (
  corp_id        bigint primary key references corp on delete cascade,
  notify         boolean not null,
  digest_minutes integer not null check (digest_minutes between 5 and 1440),
  hourly_max     integer not null check (hourly_max between 1 and 20),
  quiet_from     text not null,                -- HH:MM in Shanghai; the same as quiet_until: never quiet
  quiet_until    text not null,
  hosts          text[] not null               -- of other sites links may lead to without asking the reader
);

do $$
declare t text;
begin
  foreach t in array array['radar_link', 'radar_view', 'radar_reader', 'radar_seen', 'radar_sum', 'radar_day', 'radar_forward', 'radar_quiet', 'radar_notice', 'radar_bell', 'radar_setting'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
