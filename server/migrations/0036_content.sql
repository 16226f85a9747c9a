-- What staff say and show: files, materials, scripts.

-- Files of every room, by their hash: pictures drawn anew, everything judged by its bytes; uploaded to WeCom again before it forgets them.
alter table media_asset
  add column kind   text not null default 'image' check (kind in ('image', 'video', 'file')),
  add column width  integer,
  add column height integer,
  add column pages  integer;                       -- of a PDF, once somebody has looked

create table content_setting (
  corp_id       bigint primary key references corp on delete cascade,
  asks_approval boolean not null default false     -- a second person looks at a material before staff may send it
);

create table material_folder (
  corp_id            bigint not null references corp on delete cascade,
  material_folder_id bigint generated always as identity,
  name               text not null check (char_length(name) between 1 and 20),
  scope_departments  bigint[],                     -- null: the whole corp; what lies in it is seen by them, and by all below them
  sort_order         integer not null,
  created_at         timestamptz not null,
  primary key (corp_id, material_folder_id)
);
create unique index material_folder_name on material_folder (corp_id, lower(name));

-- A material as it stands: what it says is its live version's, or the newest if none was ever live.
create table material (
  corp_id            bigint not null references corp on delete cascade,
  material_id        bigint generated always as identity,
  kind               text not null check (kind in ('text', 'image', 'video', 'file', 'pdf', 'link', 'article', 'mini_program', 'poster', 'product')),
  title              text not null,
  summary            text not null,
  content            jsonb not null,               -- content/materials/schema.ts has its shape by kind
  cover_id           bigint,
  file_ids           bigint[] not null,            -- every file it holds
  live_version       integer,
  open_version       integer,                      -- newer than the live one: draft, waiting or refused
  newest_version     integer not null,
  material_folder_id bigint,
  labels             text[] not null,
  valid_from         timestamptz,
  valid_until        timestamptz,
  scope_departments  bigint[],                     -- null: the whole corp
  scope_staff_id     bigint,                       -- one person's
  withdrawn_at       timestamptz,
  uses               integer not null default 0,   -- how often staff sent it; a sum, raised as it is sent
  used_at            timestamptz,
  title_folded       text not null,
  words              text not null,                -- everything it is found by, folded
  grams              integer[] not null,           -- pairs of characters of that, hashed (platform/bigrams.ts)
  created_by         text not null,
  created_at         timestamptz not null,
  updated_at         timestamptz not null,
  primary key (corp_id, material_id),
  foreign key (corp_id, material_folder_id) references material_folder (corp_id, material_folder_id)
);
create index material_newest on material (corp_id, updated_at desc, material_id desc);
create index material_of_folder on material (corp_id, material_folder_id, updated_at desc, material_id desc);
create index material_waiting on material (corp_id, updated_at desc, material_id desc) where open_version is not null;
create index material_grams on material using gin (grams);

create table material_version (
  corp_id      bigint not null,
  material_id  bigint not null,
  version      integer not null,
  title        text not null,
  summary      text not null,
  content      jsonb not null,
  cover_id     bigint,
  file_ids     bigint[] not null,
  state        text not null check (state in ('draft', 'waiting', 'refused', 'live', 'replaced')),
  account_id   bigint not null,                    -- who wrote it
  author       text not null,
  made_at      timestamptz not null,
  sent_by      bigint,                             -- who asked for approval
  sent_at      timestamptz,
  decided_by   text,
  decided_at   timestamptz,
  reason       text not null default '',           -- of a refusal
  primary key (corp_id, material_id, version),
  foreign key (corp_id, material_id) references material on delete cascade
);

create table script_group (
  corp_id           bigint not null references corp on delete cascade,
  script_group_id   bigint generated always as identity,
  owner_staff_id    bigint,                        -- null: the corp's library
  name              text not null check (char_length(name) between 1 and 20),
  scope_departments bigint[],                      -- null: the whole corp
  sort_order        integer not null,
  created_at        timestamptz not null,
  primary key (corp_id, script_group_id)
);
create unique index script_group_name on script_group (corp_id, coalesce(owner_staff_id, 0), lower(name));

create table script (
  corp_id         bigint not null references corp on delete cascade,
  script_id       bigint generated always as identity,
  owner_staff_id  bigint,
  script_group_id bigint not null,
  title           text not null,
  keywords        text[] not null,
  parts           jsonb not null,                  -- [{ type: 'text', text } | { type: 'image', fileId } | { type: 'material', materialId }]
  stage_ids       bigint[] not null,               -- where a customer stands to whom this is said
  is_quick        boolean not null,
  file_ids        bigint[] not null,
  version         integer not null default 1,
  sort_order      integer not null,
  uses            integer not null default 0,
  used_at         timestamptz,
  title_folded    text not null,
  words           text not null,
  grams           integer[] not null,
  created_by      text not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  removed_at      timestamptz,
  primary key (corp_id, script_id),
  foreign key (corp_id, script_group_id) references script_group (corp_id, script_group_id)
);
create index script_of_group on script (corp_id, script_group_id, sort_order, script_id) where removed_at is null;
create index script_grams on script using gin (grams) where removed_at is null;

-- How often each member sent what; sums, raised as it is sent.
create table content_use (
  corp_id  bigint not null references corp on delete cascade,
  staff_id bigint not null,
  piece    text not null check (piece in ('material', 'script')),
  piece_id bigint not null,
  uses     integer not null,
  used_at  timestamptz not null,
  primary key (corp_id, staff_id, piece, piece_id)
);
create index content_use_latest on content_use (corp_id, staff_id, used_at desc);

-- What was sent into chats of groups, each once; to single customers it stands in the journal.
create table chat_sent (
  corp_id  bigint not null references corp on delete cascade,
  sent_id  uuid not null,                          -- of its key
  chat_id  text not null,                          -- WeCom's
  staff_id bigint not null,
  piece    text not null check (piece in ('material', 'script')),
  piece_id bigint not null,
  version  integer not null,
  at       timestamptz not null,
  primary key (corp_id, sent_id)
);
create index chat_sent_piece on chat_sent (corp_id, piece, piece_id, at desc);

do $$
declare t text;
begin
  foreach t in array array['content_setting', 'material_folder', 'material', 'material_version', 'script_group', 'script', 'content_use', 'chat_sent'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;

-- Roles of a corp's own may what their like among the built-in ones may.
update role set permissions = permissions || array['content.read'] where permissions && array['contacts.read', 'channels.read'] and not 'content.read' = any(permissions);
update role set permissions = permissions || array['content.own'] where permissions && array['contacts.write', 'channels.write'] and not 'content.own' = any(permissions);
update role set permissions = permissions || array['content.write'] where 'channels.write' = any(permissions) and not 'content.write' = any(permissions);
