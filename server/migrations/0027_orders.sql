-- What customers bought, whatever shop they bought it in. An order stays with the contact it first came to; whoever was
-- merged is read under the person he became.

-- Whose an order is and under which id: two writers of one order meet here, and a repeat finds what it repeats.
create table order_key (
  corp_id    bigint not null references corp on delete cascade,
  shop       text not null,
  order_no   text not null,
  contact_id bigint not null,
  order_id   bigint not null,
  told_paid  boolean not null default false,   -- the journal has heard of its payment
  primary key (corp_id, shop, order_no)
);

create table customer_order (
  corp_id          bigint not null references corp on delete cascade,
  order_id         bigint generated always as identity,
  contact_id       bigint not null,
  shop             text not null,
  order_no         text not null,
  state            text not null check (state in ('placed', 'paid', 'closed')),
  placed_at        timestamptz not null,
  paid_at          timestamptz,
  amount_fen       bigint not null check (amount_fen >= 0),
  refunded_fen     bigint not null default 0 check (refunded_fen between 0 and amount_fen),
  staff_id         bigint,                     -- the guide it counts for
  staff_lock_until timestamptz,                -- this order gave him the customer until then
  source           text not null,
  updated_at       timestamptz not null,       -- the shop's own: an older version changes nothing
  primary key (corp_id, contact_id, order_id),
  foreign key (corp_id, contact_id) references contact on delete cascade
);
create index customer_order_placed on customer_order (corp_id, placed_at desc, order_id desc);
create index customer_order_staff on customer_order (corp_id, staff_id, placed_at desc, order_id desc) where staff_id is not null;

create table order_item (
  corp_id    bigint not null,
  contact_id bigint not null,
  order_id   bigint not null,
  line       integer not null,
  product_no text,
  name       text not null,
  category   text,
  number     integer not null check (number > 0),
  amount_fen bigint not null,
  primary key (corp_id, contact_id, order_id, line),
  foreign key (corp_id, contact_id, order_id) references customer_order on delete cascade
);

create table order_refund (
  corp_id    bigint not null,
  contact_id bigint not null,
  order_id   bigint not null,
  refund_no  text not null,
  amount_fen bigint not null check (amount_fen >= 0), -- 0: taken back
  at         timestamptz not null,
  told_at    timestamptz not null,             -- of the version that told it last
  told       boolean not null,                 -- the journal has heard of it
  primary key (corp_id, contact_id, order_id, refund_no),
  foreign key (corp_id, contact_id, order_id) references customer_order on delete cascade
);

create table product (
  corp_id    bigint not null references corp on delete cascade,
  product_no text not null,
  shop       text not null,
  name       text not null,
  category   text,
  price_fen  bigint,
  updated_at timestamptz not null,
  primary key (corp_id, shop, product_no)
);

create table member_account (
  corp_id    bigint not null references corp on delete cascade,
  contact_id bigint not null,
  member_no  text not null,
  level      text,
  points     bigint,
  updated_at timestamptz not null,
  primary key (corp_id, contact_id, member_no),
  foreign key (corp_id, contact_id) references contact on delete cascade
);
create index member_account_no on member_account (corp_id, member_no);

-- How long the first guide of a customer has his orders; 0: nobody is kept.
create table order_setting (
  corp_id   bigint primary key references corp on delete cascade,
  lock_days integer not null check (lock_days between 0 and 3650)
);

do $$
declare t text;
begin
  foreach t in array array['order_key', 'customer_order', 'order_item', 'order_refund', 'product', 'member_account', 'order_setting'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
