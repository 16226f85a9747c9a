-- What the customer list filters by, kept beside each contact: derived from follow and follow_tag by refreshContacts.
create extension if not exists btree_gin;

-- Characters and pairs of neighbours, lower-cased, as numbers: what any word shares with a text that holds it. A word is
-- looked for by its pairs and then compared; trigrams would know nothing of words of two characters.
create function text_grams(words text) returns bigint[] language sql immutable strict parallel safe as $$
  select coalesce(array_agg(distinct gram), '{}') from (
    select unnest(array[ascii(sign)::bigint, (ascii(lag(sign) over (order by place))::bigint << 21) | ascii(sign)]) as gram
    from unnest(string_to_array(lower(words), null)) with ordinality as letter(sign, place)
  ) grams where gram is not null
$$;

alter table contact
  add column staff_ids      bigint[] not null default '{}', -- who follows him now
  add column past_staff_ids bigint[] not null default '{}', -- whose follow has ended
  add column tag_ids        bigint[] not null default '{}', -- on any of his follows
  add column words          text not null default '',       -- his name and every remark on him, a line each
  add column grams          bigint[] not null default '{}'; -- of the words

alter table contact no force row level security;
alter table follow no force row level security;
alter table follow_tag no force row level security;
update contact c set staff_ids = f.staff_ids, past_staff_ids = f.past_staff_ids, words = c.name || f.remarks, grams = text_grams(c.name || f.remarks),
  tag_ids = array(select distinct t.tag_id from follow_tag t where t.corp_id = c.corp_id and t.contact_id = c.contact_id order by 1)
from (
  select corp_id, contact_id, coalesce(array_agg(staff_id order by staff_id) filter (where lost_at is null), '{}') as staff_ids,
    coalesce(array_agg(staff_id order by staff_id) filter (where lost_at is not null), '{}') as past_staff_ids, string_agg(E'\n' || remark, '') as remarks
  from follow group by corp_id, contact_id
) f where f.corp_id = c.corp_id and f.contact_id = c.contact_id;
alter table contact force row level security;
alter table follow force row level security;
alter table follow_tag force row level security;

alter table contact alter column tag_ids set statistics 1000, alter column staff_ids set statistics 1000;
create index contact_sets on contact using gin (corp_id, tag_ids, staff_ids, past_staff_ids);
create index contact_grams on contact using gin (corp_id, grams);
