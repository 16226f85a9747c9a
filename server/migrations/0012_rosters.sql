-- Rosters: a code is served by whoever is on shift. The document holds shifts by weekday and by date, backups, caps and the
-- times of automatic acceptance (channels/roster/schema.ts); null: everybody behind the code, always.
alter table channel_code
  add column roster           jsonb,
  add column exclusive        boolean not null default false, -- WeCom: the same customer always reaches the same member
  add column group_name       text not null default '' check (char_length(group_name) <= 30),
  add column told_staff_ids   bigint[],        -- whom WeCom was last told to hand customers to, ascending; null: nobody yet
  add column told_skip_verify boolean,
  add column turned_at        timestamptz,     -- when the roster was last looked at
  -- A placement: a code of its own under another, with the same people, tags and welcome, so that its scans, adds and cost
  -- are its own.
  add column placement_of     bigint,
  add column placement_kind   text check (placement_kind in ('print', 'parcel', 'wifi', 'article', 'ad', 'badge', 'other')),
  add column cost_fen         bigint not null default 0 check (cost_fen >= 0),
  add column starts_on        date,
  add column ends_on          date,
  add constraint placement_whole check ((placement_of is null) = (placement_kind is null)),
  add constraint placement_dates check (ends_on >= starts_on),
  add foreign key (corp_id, placement_of) references channel_code (corp_id, channel_code_id) on delete cascade;
create index channel_code_placements on channel_code (corp_id, placement_of) where placement_of is not null;

-- What WeCom knows of codes made before.
alter table channel_code no force row level security;
update channel_code c set told_skip_verify = c.skip_verify, told_staff_ids = array(
  select cs.staff_id from channel_code_staff cs where cs.corp_id = c.corp_id and cs.channel_code_id = c.channel_code_id order by cs.staff_id)
where c.config_id is not null and c.edited_at is null;
alter table channel_code force row level security;

-- Local queue: when each roster is to be looked at next.
create table roster_turn (
  corp_id bigint not null, channel_code_id bigint not null, due_at timestamptz not null,
  primary key (corp_id, channel_code_id),
  foreign key (corp_id, channel_code_id) references channel_code on delete cascade
);
create index roster_turn_due on roster_turn (due_at);

-- Who takes no new customers for now, by his own word or his manager's. `until` null: until somebody says otherwise.
create table off_duty (
  corp_id bigint not null, staff_id bigint not null, since timestamptz not null, until timestamptz, said_by text not null,
  primary key (corp_id, staff_id),
  foreign key (corp_id, staff_id) references staff on delete cascade
);
alter table off_duty enable row level security;
alter table off_duty force row level security;
create policy of_corp on off_duty to siyu_app using (corp_id = (select current_corp())) with check (corp_id = (select current_corp()));
