-- Whose an order is, looked up by what its shop calls it. It stays with whom it first came.
create table order_key (
  corp_id    bigint not null references corp on delete cascade,
  shop       text not null check (char_length(shop) between 1 and 40), -- 'youzan', 'own': one numbering of orders
  order_no   text not null check (char_length(order_no) between 1 and 80),
  contact_id bigint not null,
  order_id   bigint not null,
  primary key (corp_id, shop, order_no)
);

create table customer_order (
  corp_id      bigint not null references corp on delete cascade,
  contact_id   bigint not null,
  order_id     bigint generated always as identity,
  shop         text not null,
  order_no     text not null,
  state        text not null check (state in ('placed', 'paid', 'closed')), -- closed: nothing came of it
  placed_at    timestamptz not null,
  paid_at      timestamptz,
  amount_fen   bigint not null check (amount_fen >= 0),                     -- paid, or to be paid
  refunded_fen bigint not null default 0 check (refunded_fen >= 0),         -- of it, so far
  staff_id     bigint,                                                      -- whose sale it is
  source       text not null check (source in ('api', 'import', 'demo')),
  updated_at   timestamptz not null,                                        -- by the shop's clock: an older word changes nothing
  primary key (corp_id, contact_id, order_id),
  foreign key (corp_id, contact_id) references contact on delete cascade
);
create index customer_order_newest on customer_order (corp_id, placed_at desc, order_id desc);

create table order_item (
  corp_id    bigint not null,
  contact_id bigint not null,
  order_id   bigint not null,
  line       integer not null,
  product_no text,
  name       text not null,
  category   text,
  number     integer not null,
  amount_fen bigint not null,
  primary key (corp_id, contact_id, order_id, line),
  foreign key (corp_id, contact_id, order_id) references customer_order on delete cascade
);

do $$
declare t text;
begin
  foreach t in array array['order_key', 'customer_order', 'order_item'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
