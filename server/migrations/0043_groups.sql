-- Customer groups (客户群): what WeCom says they are, and who sat in them from when until when.
create table group_chat (
  corp_id        bigint not null references corp on delete cascade,
  group_chat_id  bigint generated always as identity,
  chat_id        text not null,                -- WeCom's
  name           text not null,                -- empty where nobody has named it
  owner_id       bigint not null,              -- the member it belongs to: whoever sees his customers sees it
  admin_ids      bigint[] not null,
  notice         text not null,
  created_at     timestamptz not null,
  member_version text not null,                -- WeCom's word for who sits in it; says nothing of before or after
  past_versions  text[] not null default '{}', -- the newest it had before, so that an answer that lags is known
  turned_at      timestamptz not null,         -- when we learnt of the version, or that it is gone
  asked_at       timestamptz not null,         -- what stands is no older than this
  is_orphaned    boolean not null default false, -- its owner has left the corp: WeCom says nothing more of it
  gone_at        timestamptz,
  gone_by        text check (gone_by in ('dismissed', 'unlisted')),
  members        integer not null default 0,   -- who sit in it now
  outsiders      integer not null default 0,   -- those of them who are not the corp's
  score          smallint,                     -- how alive it is, of a hundred; null until it was looked at
  score_parts    jsonb,                        -- what that is made of: score.ts
  scored_at      timestamptz,
  primary key (corp_id, group_chat_id),
  unique (corp_id, chat_id),
  check ((gone_at is null) = (gone_by is null))
);
create index group_chat_newest on group_chat (corp_id, created_at desc, group_chat_id desc);
create index group_chat_owner on group_chat (corp_id, owner_id);

-- One stay of somebody in a group; the open one is that he sits in it. Whose customer he is stands with his identity, so
-- that it goes where a merge takes it, and strangers need no row of their own.
create table group_member (
  corp_id       bigint not null,
  group_chat_id bigint not null,
  stay_id       bigint generated always as identity,
  userid        text not null,                 -- an external_userid; of the corp's own a userid, in lower case
  staff_id      bigint,                        -- null: from outside
  unionid       text,
  name          text not null,
  nickname      text not null,                 -- in this group
  joined_at     timestamptz not null,
  is_rough      boolean not null,              -- learnt from a callback alone, to the minute: WeCom's own word is still to come
  scene         smallint not null,             -- WeCom: 0 unknown, 1 invited, 2 by an invitation's link, 3 by the code
  invitor_id    bigint,
  state         text,                          -- of the code he came by
  told          boolean not null default false, -- his coming stands in a customer's journal
  left_at       timestamptz,
  left_by       text check (left_by in ('self', 'removed', 'dismissed', 'unknown')),
  primary key (corp_id, group_chat_id, stay_id),
  foreign key (corp_id, group_chat_id) references group_chat on delete cascade,
  check ((left_at is null) = (left_by is null)),
  check (left_at >= joined_at)
);
create unique index group_member_now on group_member (corp_id, group_chat_id, userid) where left_at is null;
create index group_member_who on group_member (corp_id, userid, group_chat_id, left_at);
create index group_member_joined on group_member (corp_id, joined_at, group_chat_id) where staff_id is null;
create index group_member_left on group_member (corp_id, left_at, group_chat_id) where staff_id is null and left_at is not null;

-- As analyze_contacts: a plan made for an empty table is no plan for a full one.
create function analyze_groups() returns void language plpgsql security definer set search_path = public, pg_catalog as $$
begin
  analyze group_chat; analyze group_member;
end $$;
revoke all on function analyze_groups() from public;
grant execute on function analyze_groups() to siyu_app;

do $$
declare t text;
begin
  foreach t in array array['group_chat', 'group_member'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;

-- Roles of a corp's own that see customers see their groups.
update role set permissions = permissions || array['groups.read'] where 'contacts.read' = any(permissions) and not 'groups.read' = any(permissions);
