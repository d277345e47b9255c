CREATE TABLE every_type (
    id BIGINT UNSIGNED PRIMARY KEY,
    tiny TINYINT, small SMALLINT UNSIGNED, medium MEDIUMINT, normal INT, big BIGINT, flag BOOLEAN,
    exact DECIMAL(20, 6), single_precision FLOAT, double_precision DOUBLE, bits BIT(10),
    year_only YEAR, day DATE, moment DATETIME(6), stamp TIMESTAMP NULL, span TIME(3),
    fixed CHAR(8), words VARCHAR(200), long_words LONGTEXT,
    fixed_bytes BINARY(4), some_bytes VARBINARY(20), large LONGBLOB,
    choice ENUM('small', 'large'), choices SET('a', 'b', 'c'), document JSON)
