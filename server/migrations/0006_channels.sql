create table channel_code (
  corp_id         bigint not null references corp on delete cascade,
  channel_code_id bigint generated always as identity,
  name            text not null check (char_length(name) between 1 and 30),
  state           text not null check (char_length(state) between 1 and 30), -- comes back with every friend it brings
  landing_key     text not null,               -- our counted short link, /c/<landing_key>
  skip_verify     boolean not null default true,
  remark          text not null default '',    -- put on new friends; may hold variables
  welcome         jsonb,
  asked_at        timestamptz,                 -- WeCom was first asked to make it; while config_id is null it may exist there
  config_id       text,
  qr_url          text,                        -- WeCom's picture
  qr_content      text,                        -- what that picture says
  edited_at       timestamptz,                 -- a change of staff or settings WeCom does not have yet
  archived_at     timestamptz,
  created_by      bigint,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  primary key (corp_id, channel_code_id)
);
create unique index channel_code_state on channel_code (corp_id, state);
create unique index channel_code_landing on channel_code (landing_key, corp_id);
create table channel_code_staff (
  corp_id bigint not null, channel_code_id bigint not null, staff_id bigint not null,
  primary key (corp_id, channel_code_id, staff_id),
  foreign key (corp_id, channel_code_id) references channel_code on delete cascade
);
create table channel_code_tag (
  corp_id bigint not null, channel_code_id bigint not null, tag_id bigint not null,
  primary key (corp_id, channel_code_id, tag_id),
  foreign key (corp_id, channel_code_id) references channel_code on delete cascade
);
create table channel_daily (                   -- staff_id 0: not yet known who (a scan)
  corp_id bigint not null, channel_code_id bigint not null, on_day date not null, staff_id bigint not null,
  scans integer not null default 0, adds integer not null default 0, losses integer not null default 0,
  primary key (corp_id, channel_code_id, on_day, staff_id),
  foreign key (corp_id, channel_code_id) references channel_code on delete cascade
);
create table channel_scan (                    -- one visitor of one code on one day, so that a reload is no second scan; kept 2 days
  corp_id bigint not null, channel_code_id bigint not null, on_day date not null, visitor_hash bytea not null,
  primary key (corp_id, channel_code_id, on_day, visitor_hash),
  foreign key (corp_id, channel_code_id) references channel_code on delete cascade
);
create table landing (                         -- reference: landing key to corp, before a tenant is known
  landing_key     text primary key,
  corp_id         bigint not null references corp on delete cascade,
  channel_code_id bigint not null
);

-- Local queue: one welcome per code, at most once, before its deadline.
create table welcome_task (
  corp_id       bigint not null references corp on delete cascade,
  code_hash     bytea not null,                -- sha-256 of the welcome code
  code_sealed   bytea not null,
  external_userid text not null,
  userid        text not null,
  state_param   text,
  received_at   timestamptz not null,
  deadline_at   timestamptz not null,          -- received_at + 18 s: WeCom's codes live 20 s
  state         text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'refused', 'late', 'unknown', 'none')),
  not_before    timestamptz,
  attempts      integer not null default 0,
  cause         text,
  settled_at    timestamptz,
  primary key (corp_id, code_hash)
);
create index welcome_task_open on welcome_task (deadline_at) where state in ('waiting', 'sending');
create index welcome_task_received on welcome_task (corp_id, received_at);

create table media_asset (                     -- a picture used in welcomes: kept here, uploaded again before WeCom forgets it (3 days)
  corp_id        bigint not null references corp on delete cascade,
  media_asset_id bigint generated always as identity,
  sha256         bytea not null,
  mime           text not null,
  file_name      text not null,
  size_bytes     integer not null,
  wecom_media_id text,
  wecom_media_at timestamptz,
  wecom_url      text,
  created_at     timestamptz not null,
  primary key (corp_id, media_asset_id),
  unique (corp_id, sha256)
);
