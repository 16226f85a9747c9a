-- The day a customer last did something himself. By the day, so that a busy one is written once a day and not at every deed.
create table contact_active (
  corp_id    bigint not null,
  contact_id bigint not null,
  last_on    date not null,                        -- Shanghai's
  primary key (corp_id, contact_id)                -- no foreign key: it would lock the contact at every first deed of a day
);
create index contact_active_day on contact_active (corp_id, last_on, contact_id);

insert into contact_active (corp_id, contact_id, last_on)
select e.corp_id, coalesce(c.merged_into, c.contact_id), max((e.at at time zone 'Asia/Shanghai')::date)
from event e join contact c on c.corp_id = e.corp_id and c.contact_id = e.contact_id
where e.kind in ('channel.scanned', 'page.viewed', 'element.clicked', 'product.viewed', 'search.made', 'favourite.added', 'cart.added', 'product.bought',
  'form.submitted', 'message.sent', 'order.paid', 'content.opened', 'content.read', 'form.opened')
group by 1, 2;

do $$
begin
  alter table contact_active enable row level security;
  alter table contact_active force row level security;
  create policy of_corp on contact_active to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));
end $$;
