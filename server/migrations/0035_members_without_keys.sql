-- A broad segment writes hundreds of thousands of these at once, all by one writer under the corp's clock (segment_clock) and of
-- customers it has just read. Customers are merged and never deleted; the corp takes its rows along through segment_version.
alter table segment_member drop constraint segment_member_corp_id_contact_id_fkey;
