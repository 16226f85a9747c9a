create table tag_group (
  corp_id        bigint not null references corp on delete cascade,
  tag_group_id   bigint generated always as identity,
  name           text not null check (char_length(name) between 1 and 30),
  sort_order     bigint not null default 0,
  wecom_group_id text,
  created_at     timestamptz not null,
  edited_at      timestamptz,                  -- a change made here that WeCom does not have yet: a re-read leaves it alone
  deleted_at     timestamptz,
  primary key (corp_id, tag_group_id)
);
create unique index tag_group_name on tag_group (corp_id, name) where deleted_at is null;
create unique index tag_group_wecom on tag_group (corp_id, wecom_group_id) where wecom_group_id is not null;
create table tag (
  corp_id      bigint not null,
  tag_id       bigint generated always as identity,
  tag_group_id bigint not null,
  name         text not null check (char_length(name) between 1 and 30),
  sort_order   bigint not null default 0,
  wecom_tag_id text,                           -- null until WeCom has accepted the tag
  created_at   timestamptz not null,
  edited_at    timestamptz,                    -- as of a group
  deleted_at   timestamptz,
  primary key (corp_id, tag_id),
  foreign key (corp_id, tag_group_id) references tag_group on delete cascade
);
create unique index tag_name on tag (corp_id, tag_group_id, name) where deleted_at is null;
create unique index tag_wecom on tag (corp_id, wecom_tag_id) where wecom_tag_id is not null;

-- A tag belongs to the pair of a staff member and a customer, as in WeCom.
create table follow_tag (
  corp_id    bigint not null,
  contact_id bigint not null,
  staff_id   bigint not null,
  tag_id     bigint not null,
  source     text not null check (source in ('staff', 'rule', 'wecom', 'self')), -- by hand, by rule, read from WeCom, told by the customer
  reason     jsonb not null default '{}',      -- { by, channelCodeId, … }: who or what put it there
  added_at   timestamptz not null,
  pushed_at  timestamptz,                      -- null: WeCom does not have it yet
  primary key (corp_id, contact_id, staff_id, tag_id),
  foreign key (corp_id, contact_id, staff_id) references follow on delete cascade
);
create index follow_tag_tag on follow_tag (corp_id, tag_id, contact_id);
create index follow_tag_unpushed on follow_tag (corp_id, added_at desc) where pushed_at is null;
-- Tags taken off here: a re-read that WeCom answered before it heard of it must not bring them back.
create table follow_tag_removal (
  corp_id    bigint not null,
  contact_id bigint not null,
  staff_id   bigint not null,
  tag_id     bigint not null,
  removed_at timestamptz not null,
  pushed_at  timestamptz,                      -- WeCom has taken it off too; the row goes a while later
  primary key (corp_id, contact_id, staff_id, tag_id),
  foreign key (corp_id, contact_id, staff_id) references follow on delete cascade
);
create index follow_tag_removal_unpushed on follow_tag_removal (corp_id, removed_at desc) where pushed_at is null;
