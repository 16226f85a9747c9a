-- Local queue: how far each of what follows the turns of segments (rules of tags, stages) has read a corp's `segment_flip`.
create table segment_follower (
  corp_id  bigint not null references corp on delete cascade,
  follower text not null,
  flip_id  bigint not null,
  primary key (corp_id, follower)
);
alter table segment_clock add column flip_id bigint not null default 0; -- the newest that was announced
update segment_clock c set flip_id = coalesce((select max(f.flip_id) from segment_flip f where f.corp_id = c.corp_id), 0);

-- Segments that people made, and those that something else keeps for itself: the rules of tags, the cells of RFM.
alter table segment add column used_by text not null default 'people' check (used_by in ('people', 'tags', 'rfm'));
drop index segment_name;
create unique index segment_name on segment (corp_id, used_by, name) where archived_at is null;
