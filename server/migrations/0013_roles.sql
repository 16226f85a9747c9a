-- Roles of a corp's own beside the built-in ones, and whose customers each member sees.
create table role (
  corp_id     bigint not null references corp on delete cascade,
  role_id     bigint generated always as identity,
  name        text not null check (char_length(name) between 1 and 20),
  permissions text[] not null,
  scope_kind  text not null check (scope_kind in ('all', 'tree', 'departments', 'own')), -- what a member has who is given no other
  created_at  timestamptz not null,
  primary key (corp_id, role_id)
);
create unique index role_name on role (corp_id, lower(name));
alter table role enable row level security;
alter table role force row level security;
create policy of_corp on role to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));

alter table account_corp drop constraint account_corp_role_check;
update account_corp set role = 'auditor' where role = 'compliance';
alter table account_corp
  add column role_id           bigint,                       -- of a `custom` role
  add column scope_kind        text check (scope_kind in ('all', 'tree', 'departments', 'own')), -- null: as the role has it
  add column scope_departments bigint[] not null default '{}', -- for tree: empty means the member's own
  add constraint account_corp_role check (role in ('owner', 'admin', 'operator', 'manager', 'staff', 'auditor', 'custom')),
  add constraint account_corp_custom check ((role = 'custom') = (role_id is not null)),
  add foreign key (corp_id, role_id) references role (corp_id, role_id);
create index account_corp_role_id on account_corp (corp_id, role_id) where role_id is not null;

-- A corp connected before there were owners is owned by its first administrator.
update account_corp a set role = 'owner' from (
  select corp_id, min(account_id) as account_id from account_corp where role = 'admin' group by corp_id) first
where a.corp_id = first.corp_id and a.account_id = first.account_id;
