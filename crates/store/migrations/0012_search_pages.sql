-- A page of the search index lies in its row and is not packed once more: PostgreSQL would cut it into pieces of two
-- kilobytes, look each up by itself, and try to press together what is packed already.
{POSTGRES ALTER TABLE search_page ALTER COLUMN content SET STORAGE MAIN;}
{POSTGRES ALTER TABLE search_page SET (toast_tuple_target = 8160);}
