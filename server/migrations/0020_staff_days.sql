-- What each member's friendships did on each day of Shanghai: summed as facts are written down, so that no report reads the
-- journal. `gone_7` and `gone_30` belong to the day a friend was added: how many of that day's were gone so soon.
create table staff_day (
  corp_id          bigint not null references corp on delete cascade,
  on_day           date not null,
  staff_id         bigint not null,
  added            integer not null default 0,
  lost_by_customer integer not null default 0,
  lost_by_staff    integer not null default 0,
  lost_otherwise   integer not null default 0, -- handed over, or nobody told who ended it
  gone_7           integer not null default 0,
  gone_30          integer not null default 0,
  primary key (corp_id, on_day, staff_id)
);

-- What WeCom counts of a member on a day (externalcontact/get_user_behavior_data). No row: not read yet, or not readable.
create table staff_behavior (
  corp_id             bigint not null references corp on delete cascade,
  on_day              date not null,
  staff_id            bigint not null,
  chats               integer not null,
  messages            integer not null,
  reply_share         real,                    -- percent; null: no customer began a chat
  first_reply_minutes real,                    -- null: nobody was answered
  negative            integer not null,        -- deleted or blocked him
  applied             integer not null,        -- requests he sent
  befriended          integer not null,
  primary key (corp_id, on_day, staff_id)
);

-- How far each member's days have been read. `refused`: what WeCom answered instead of numbers.
create table staff_behavior_state (
  corp_id       bigint not null,
  staff_id      bigint not null,
  settled_until date,                          -- days up to here do not change any more
  refused       integer,
  asked_at      timestamptz not null,
  primary key (corp_id, staff_id),
  foreign key (corp_id, staff_id) references staff on delete cascade
);

create table report_setting (
  corp_id        bigint primary key references corp on delete cascade,
  customers_each integer check (customers_each between 1 and 100000) -- how many customers one member should look after
);

-- How many customers a member has now is counted in the index alone.
create index follow_holding on follow (corp_id, staff_id) where lost_at is null;

-- What the journal holds already.
alter table event no force row level security;
alter table follow no force row level security;
insert into staff_day (corp_id, on_day, staff_id, added, lost_by_customer, lost_by_staff, lost_otherwise, gone_7, gone_30)
with fact as (
  select e.corp_id, e.staff_id, e.kind, e.at, coalesce(case when f.lost_at is not null and f.added_at <= e.at then f.lost_by end, e.props->>'by', 'unknown') as by,
    case when e.kind = 'contact.lost' then a.at end as added_at
  from event e
  left join follow f on f.corp_id = e.corp_id and f.contact_id = e.contact_id and f.staff_id = e.staff_id
  left join lateral (select max(a.at) as at from event a
    where a.corp_id = e.corp_id and a.contact_id = e.contact_id and a.staff_id = e.staff_id and a.kind = 'contact.added' and a.at <= e.at) a on e.kind = 'contact.lost'
  where e.kind in ('contact.added', 'contact.lost') and e.staff_id is not null
), mark as (
  select corp_id, (at at time zone 'Asia/Shanghai')::date as on_day, staff_id, kind = 'contact.added' as added, kind = 'contact.lost' and by = 'customer' as by_customer,
    kind = 'contact.lost' and by = 'staff' as by_staff, kind = 'contact.lost' and by not in ('customer', 'staff') as otherwise, false as gone_7, false as gone_30 from fact
  union all
  select corp_id, (added_at at time zone 'Asia/Shanghai')::date, staff_id, false, false, false, false, at < added_at + interval '7 days', at < added_at + interval '30 days'
  from fact where added_at is not null
)
select corp_id, on_day, staff_id, count(*) filter (where added), count(*) filter (where by_customer), count(*) filter (where by_staff),
  count(*) filter (where otherwise), count(*) filter (where gone_7), count(*) filter (where gone_30)
from mark group by corp_id, on_day, staff_id;
alter table event force row level security;
alter table follow force row level security;

do $$
declare t text;
begin
  foreach t in array array['staff_day', 'staff_behavior', 'staff_behavior_state', 'report_setting'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
