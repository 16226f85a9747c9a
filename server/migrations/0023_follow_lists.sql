-- Relations newest first, a page after a million as quick as the first.
create index follow_newest on follow (corp_id, added_at desc, contact_id desc, staff_id desc);
