DROP DATABASE IF EXISTS mydb;
CREATE DATABASE mydb;
USE mydb;
CREATE TABLE mytable (name TEXT, email TEXT, phone_numbers JSON, created_at TIMESTAMP);
INSERT INTO mytable VALUES
    ('Evil Bob', 'evilbob@gmail.com', '["555-666-555","666-666-666"]', '2018-04-18 10:42:58'),
    ('Jane Doe', 'jane@doe.com', '[]', '2018-04-18 10:42:58'),
    ('Jane Deo', 'janedeo@gmail.com', '["556-565-566","777-777-777"]', '2018-04-18 10:42:58'),
    ('John Doe', 'john@doe.com', '["555-555-555"]', '2018-04-18 10:42:58');
