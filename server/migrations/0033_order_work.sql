-- What people do about orders: files brought in, shops that push, members and their points, whom orders count for.

-- A file of orders or members on its way in. Its parts are kept sealed until it has been read, and no longer.
create table order_import (
  corp_id         bigint not null references corp on delete cascade,
  order_import_id bigint generated always as identity,
  kind            text not null check (kind in ('orders', 'members')),
  state           text not null check (state in ('uploading', 'uploaded', 'waiting', 'running', 'done', 'cancelled', 'failed')),
  file_name       text not null,
  told_at         timestamptz not null,        -- when the shop said what the file says: an older version changes nothing
  parts           integer not null default 0,
  size_bytes      bigint not null default 0,
  format          text,
  head            text[] not null default '{}',
  rows            integer not null default 0,
  mapping         jsonb,
  account_id      bigint not null,
  actor           text not null,
  cursor          integer not null default 0,  -- orders or members gone through
  rows_done       integer not null default 0,
  created         integer not null default 0,
  updated         integer not null default 0,
  unchanged       integer not null default 0,
  refused         integer not null default 0,
  refused_rows    integer not null default 0,
  cause           text,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  primary key (corp_id, order_import_id)
);
create index order_import_open on order_import (corp_id, created_at) where state in ('uploading', 'uploaded', 'waiting', 'running');

create table order_import_part (
  corp_id         bigint not null,
  order_import_id bigint not null,
  part            integer not null,
  sealed          bytea not null,
  primary key (corp_id, order_import_id, part),
  foreign key (corp_id, order_import_id) references order_import on delete cascade
);

create table order_import_refusal (
  corp_id         bigint not null,
  order_import_id bigint not null,
  line            integer not null,
  reason          text not null,
  cells_sealed    bytea not null,
  primary key (corp_id, order_import_id, line),
  foreign key (corp_id, order_import_id) references order_import on delete cascade
);

-- How a shop's files are read, under a name, for the next one.
create table import_mapping (
  corp_id           bigint not null references corp on delete cascade,
  import_mapping_id bigint generated always as identity,
  kind              text not null check (kind in ('orders', 'members')),
  name              text not null check (char_length(name) between 1 and 30),
  mapping           jsonb not null,
  created_by        text not null,
  created_at        timestamptz not null,
  primary key (corp_id, import_mapping_id),
  unique (corp_id, kind, name)
);

-- Whom an order counts for, and why.
alter table customer_order
  add column named_staff_id bigint,            -- the guide its shop named
  add column guide_by       text check (guide_by in ('named', 'held', 'visited', 'friend')),
  add column guide_since    timestamptz;       -- since when the customer was his
-- Pages of the list by what is asked of them.
create index customer_order_shop on customer_order (corp_id, shop, placed_at desc, order_id desc);
create index customer_order_unusual on customer_order (corp_id, state, placed_at desc, order_id desc) where state <> 'paid';
create index customer_order_refunded on customer_order (corp_id, placed_at desc, order_id desc) where refunded_fen > 0;

alter table order_setting add column lock_by text not null default 'purchase' check (lock_by in ('purchase', 'add', 'visit'));

-- A new rule of guides being put to the orders there are.
create table guide_recount (
  corp_id          bigint not null references corp on delete cascade,
  guide_recount_id bigint generated always as identity,
  state            text not null check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
  lock_days        integer not null,
  lock_by          text not null,
  account_id       bigint not null,
  actor            text not null,
  total            integer not null,           -- customers
  done             integer not null default 0,
  changed          integer not null default 0, -- orders
  cursor           bigint not null default 0,
  cause            text,
  created_at       timestamptz not null,
  ended_at         timestamptz,
  primary key (corp_id, guide_recount_id)
);
create unique index guide_recount_open on guide_recount (corp_id) where state in ('waiting', 'running');

-- Members by their number; whose a number is stands among his identifiers, so that it goes where he goes.
drop table member_account;
create table member_account (
  corp_id    bigint not null references corp on delete cascade,
  member_no  text not null,
  level      text,
  points     bigint not null default 0,        -- as the corp said last, and what came and went since
  stated     bigint not null default 0,
  stated_at  timestamptz,                      -- entries of later come on top
  joined_at  timestamptz,
  updated_at timestamptz not null,             -- the corp's own: an older version changes nothing
  primary key (corp_id, member_no)
);
create index member_account_level on member_account (corp_id, level) where level is not null;

create table point_entry (
  corp_id   bigint not null,
  member_no text not null,
  entry_no  text not null,
  kind      text not null check (kind in ('earned', 'spent', 'expired', 'adjusted')),
  points    bigint not null,                   -- what it does to the balance
  note      text not null default '',
  at        timestamptz not null,
  primary key (corp_id, member_no, entry_no),
  foreign key (corp_id, member_no) references member_account on delete cascade
);
create index point_entry_newest on point_entry (corp_id, member_no, at desc, entry_no desc);

-- A shop that pushes its orders to us. Its secret is written and never read out again.
create table shop_connection (
  corp_id            bigint not null references corp on delete cascade,
  shop_connection_id bigint generated always as identity,
  platform           text not null check (platform in ('youzan', 'taobao', 'jd', 'wechat-shop', 'weimob')),
  name               text not null check (char_length(name) between 1 and 30),
  door               text not null,            -- the last part of the address it pushes to
  app_key            text not null default '',
  secret_sealed      bytea not null,
  secret_mark        text not null,
  is_on              boolean not null default true,
  created_by         text not null,
  created_at         timestamptz not null,
  received_at        timestamptz,
  refused_at         timestamptz,              -- a push whose signature was not right
  primary key (corp_id, shop_connection_id),
  unique (corp_id, door)
);

create table shop_push (
  corp_id            bigint not null,
  shop_push_id       bigint generated always as identity,
  shop_connection_id bigint not null,
  mark               bytea not null,           -- of what it said: each once
  state              text not null check (state in ('waiting', 'taken', 'unchanged', 'refused')),
  body_sealed        bytea,                    -- until it is taken; what was refused is kept for a month
  cause              text,
  received_at        timestamptz not null,
  primary key (corp_id, shop_push_id),
  unique (corp_id, shop_connection_id, mark),
  foreign key (corp_id, shop_connection_id) references shop_connection on delete cascade
);
create index shop_push_waiting on shop_push (corp_id, shop_push_id) where state = 'waiting';
create index shop_push_refused on shop_push (corp_id, shop_connection_id, shop_push_id desc) where state = 'refused';

do $$
declare t text;
begin
  foreach t in array array['order_import', 'order_import_part', 'order_import_refusal', 'import_mapping', 'guide_recount', 'member_account', 'point_entry', 'shop_connection', 'shop_push'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
