-- The reply step of a code's funnel: when he who was added first wrote back, within thirty days. Kept by events/replies.ts.
create table first_reply (
  corp_id    bigint not null,
  contact_id bigint not null,                      -- a root, as in follow
  staff_id   bigint not null,
  at         timestamptz not null,
  primary key (corp_id, contact_id, staff_id)      -- no foreign key: it would lock the follow
);

create table reply_source (                        -- no row: nothing tells what customers write, and nobody can say who replied
  corp_id bigint primary key references corp on delete cascade,
  since   timestamptz not null                     -- the first message anything told of
);

-- What the journal holds already. No message names a member yet: each is for whoever added him last.
alter table event no force row level security;
alter table contact no force row level security;
alter table follow no force row level security;
insert into reply_source (corp_id, since)
select e.corp_id, min(e.at) from event e join corp c using (corp_id) where e.kind = 'message.sent' and e.trusted group by e.corp_id;
insert into first_reply (corp_id, contact_id, staff_id, at)
select s.corp_id, s.contact_id, s.staff_id, min(s.at) from (
  select distinct on (e.corp_id, e.event_id) f.corp_id, f.contact_id, f.staff_id, f.added_at, e.at
  from event e join contact c on c.corp_id = e.corp_id and c.contact_id = e.contact_id
  join follow f on f.corp_id = e.corp_id and f.contact_id = coalesce(c.merged_into, c.contact_id) and f.added_at <= e.at and (f.lost_at is null or f.lost_at >= e.at)
  where e.kind = 'message.sent' and e.trusted
  order by e.corp_id, e.event_id, f.added_at desc, f.staff_id desc
) s where s.at < s.added_at + interval '30 days' group by 1, 2, 3;
alter table event force row level security;
alter table contact force row level security;
alter table follow force row level security;

do $$
declare t text;
begin
  foreach t in array array['first_reply', 'reply_source'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy of_corp on %I to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()))', t);
  end loop;
end $$;
