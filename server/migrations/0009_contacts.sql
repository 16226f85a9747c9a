-- A keyed mark of the sealed numbers: two that look alike once masked must still be told apart.
alter table follow add column mobiles_mark text;
