-- Who put a tag stands in its index: customers with a tag, as some of the staff see them, are found without their rows.
drop index follow_tag_tag;
create index follow_tag_tag on follow_tag (corp_id, tag_id, contact_id, staff_id);
