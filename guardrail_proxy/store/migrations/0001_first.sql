-- The schema as first released; schema.sql makes it. A later change is one more file here and the same change there.
SELECT 1;
