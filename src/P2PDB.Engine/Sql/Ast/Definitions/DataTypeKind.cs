namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>The column types as written; synonyms are resolved (INTEGER is Int, BOOL is TinyInt(1), DEC is Decimal, SERIAL is expanded by the parser).</summary>
internal enum DataTypeKind : byte
{
    TinyInt, SmallInt, MediumInt, Int, BigInt, Decimal, Float, Double, Bit,
    Date, Time, DateTime, Timestamp, Year,
    Char, VarChar, Binary, VarBinary,
    TinyText, Text, MediumText, LongText, TinyBlob, Blob, MediumBlob, LongBlob,
    Enum, Set, Json,
    Geometry, Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon, GeometryCollection,
}
