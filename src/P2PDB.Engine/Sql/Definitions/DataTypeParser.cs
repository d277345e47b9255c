using P2PDB.Engine.Sql.Ast.Definitions;

namespace P2PDB.Engine.Sql.Definitions;

/// <summary>Parses column types and the types of CAST.</summary>
internal static class DataTypeParser
{
    /// <summary>Parses a column's type with its own attributes (not NULL, DEFAULT and the like).</summary>
    public static DataTypeNode Parse(ref TokenCursor cursor)
    {
        Keyword word = cursor.Current.Keyword;
        if (Numeric(word) is { } number)
        {
            cursor.Advance();
            if (word is Keyword.DOUBLE)
                cursor.Accept(Keyword.PRECISION);
            (ulong? length, int? scale) = Precision(ref cursor, number is DataTypeKind.Decimal or DataTypeKind.Float or DataTypeKind.Double);
            if (word is Keyword.BOOL or Keyword.BOOLEAN)
                length = 1;
            return Signs(ref cursor, new DataTypeNode(number, length, scale));
        }

        return Temporal(word) is { } temporal ? WithLength(ref cursor, temporal) : Other(ref cursor, word);
    }

    /// <summary>Parses the type of CAST, CONVERT and RETURNING.</summary>
    public static DataTypeNode ParseCast(ref TokenCursor cursor)
    {
        switch (cursor.Current.Keyword)
        {
            case Keyword.SIGNED or Keyword.UNSIGNED:
                bool isUnsigned = cursor.Is(Keyword.UNSIGNED);
                cursor.Advance();
                if (!cursor.Accept(Keyword.INTEGER))
                    cursor.Accept(Keyword.INT);
                return new DataTypeNode(DataTypeKind.BigInt) { IsUnsigned = isUnsigned };
            case Keyword.CHAR or Keyword.CHARACTER or Keyword.NCHAR or Keyword.NATIONAL or Keyword.BINARY or Keyword.DATE or Keyword.TIME
                or Keyword.DATETIME or Keyword.YEAR or Keyword.DECIMAL or Keyword.DEC or Keyword.FLOAT or Keyword.DOUBLE or Keyword.REAL or Keyword.JSON
                or Keyword.POINT or Keyword.LINESTRING or Keyword.POLYGON or Keyword.MULTIPOINT or Keyword.MULTILINESTRING
                or Keyword.MULTIPOLYGON or Keyword.GEOMETRYCOLLECTION or Keyword.GEOMCOLLECTION:
                int start = cursor.Current.Start;
                DataTypeNode type = Parse(ref cursor);
                return type.IsUnsigned || type.IsZeroFill ? throw cursor.FailAt(start) : type;
            default:
                throw cursor.Fail();
        }
    }

    private static DataTypeKind? Numeric(Keyword word) => word switch
    {
        Keyword.TINYINT or Keyword.INT1 or Keyword.BOOL or Keyword.BOOLEAN => DataTypeKind.TinyInt,
        Keyword.SMALLINT or Keyword.INT2 => DataTypeKind.SmallInt,
        Keyword.MEDIUMINT or Keyword.INT3 or Keyword.MIDDLEINT => DataTypeKind.MediumInt,
        Keyword.INT or Keyword.INTEGER or Keyword.INT4 => DataTypeKind.Int,
        Keyword.BIGINT or Keyword.INT8 => DataTypeKind.BigInt,
        Keyword.DECIMAL or Keyword.DEC or Keyword.NUMERIC or Keyword.FIXED => DataTypeKind.Decimal,
        Keyword.FLOAT or Keyword.FLOAT4 => DataTypeKind.Float,
        Keyword.DOUBLE or Keyword.REAL or Keyword.FLOAT8 => DataTypeKind.Double,
        _ => null,
    };

    private static DataTypeKind? Temporal(Keyword word) => word switch
    {
        Keyword.BIT => DataTypeKind.Bit,
        Keyword.DATE => DataTypeKind.Date,
        Keyword.TIME => DataTypeKind.Time,
        Keyword.DATETIME => DataTypeKind.DateTime,
        Keyword.TIMESTAMP => DataTypeKind.Timestamp,
        Keyword.YEAR => DataTypeKind.Year,
        Keyword.BINARY => DataTypeKind.Binary,
        Keyword.VARBINARY => DataTypeKind.VarBinary,
        Keyword.BLOB => DataTypeKind.Blob,
        Keyword.TINYBLOB => DataTypeKind.TinyBlob,
        Keyword.MEDIUMBLOB => DataTypeKind.MediumBlob,
        Keyword.LONGBLOB => DataTypeKind.LongBlob,
        Keyword.JSON => DataTypeKind.Json,
        Keyword.GEOMETRY => DataTypeKind.Geometry,
        Keyword.POINT => DataTypeKind.Point,
        Keyword.LINESTRING => DataTypeKind.LineString,
        Keyword.POLYGON => DataTypeKind.Polygon,
        Keyword.MULTIPOINT => DataTypeKind.MultiPoint,
        Keyword.MULTILINESTRING => DataTypeKind.MultiLineString,
        Keyword.MULTIPOLYGON => DataTypeKind.MultiPolygon,
        Keyword.GEOMETRYCOLLECTION or Keyword.GEOMCOLLECTION => DataTypeKind.GeometryCollection,
        _ => null,
    };

    private static DataTypeNode WithLength(ref TokenCursor cursor, DataTypeKind kind)
    {
        cursor.Advance();
        bool mayHaveLength = kind is not (DataTypeKind.Date or DataTypeKind.TinyBlob or DataTypeKind.MediumBlob or DataTypeKind.LongBlob
            or DataTypeKind.Json or >= DataTypeKind.Geometry);
        ulong? length = null;
        if (cursor.Is(TokenKind.OpenParen) && mayHaveLength)
            length = Precision(ref cursor, false).Length;
        else if (kind == DataTypeKind.VarBinary)
            throw cursor.Fail();
        if (kind == DataTypeKind.Year)
            return Signs(ref cursor, new DataTypeNode(kind, length));
        return new DataTypeNode(kind, length);
    }

    private static DataTypeNode Other(ref TokenCursor cursor, Keyword word)
    {
        switch (word)
        {
            case Keyword.CHAR or Keyword.CHARACTER or Keyword.NCHAR or Keyword.NATIONAL or Keyword.NVARCHAR or Keyword.VARCHAR or Keyword.VARCHARACTER:
                return Characters(ref cursor);
            case Keyword.TEXT:
                cursor.Advance();
                return CharacterAttributes(ref cursor, new DataTypeNode(DataTypeKind.Text, Precision(ref cursor, false).Length));
            case Keyword.TINYTEXT or Keyword.MEDIUMTEXT or Keyword.LONGTEXT:
                cursor.Advance();
                return CharacterAttributes(ref cursor, new DataTypeNode(word switch
                {
                    Keyword.TINYTEXT => DataTypeKind.TinyText,
                    Keyword.MEDIUMTEXT => DataTypeKind.MediumText,
                    _ => DataTypeKind.LongText,
                }));
            case Keyword.LONG:
                return Long(ref cursor);
            case Keyword.ENUM or Keyword.SET:
                cursor.Advance();
                return CharacterAttributes(ref cursor, new DataTypeNode(word == Keyword.ENUM ? DataTypeKind.Enum : DataTypeKind.Set)
                {
                    Members = Members(ref cursor),
                });
            default:
                throw cursor.Fail();
        }
    }

    private static DataTypeNode Characters(ref TokenCursor cursor)
    {
        bool isNational = cursor.Accept(Keyword.NATIONAL);
        bool isVarying = false;
        switch (cursor.Current.Keyword)
        {
            case Keyword.NCHAR or Keyword.NVARCHAR when !isNational:
                isNational = true;
                isVarying = cursor.Is(Keyword.NVARCHAR);
                break;
            case Keyword.VARCHAR or Keyword.VARCHARACTER:
                isVarying = true;
                break;
            case Keyword.CHAR or Keyword.CHARACTER:
                break;
            default:
                throw cursor.Fail();
        }

        cursor.Advance();
        if (!isVarying && (cursor.Accept(Keyword.VARYING) || (isNational && cursor.Accept(Keyword.VARCHAR))))
            isVarying = true;
        if (isVarying && !cursor.Is(TokenKind.OpenParen))
            throw cursor.Fail();
        var type = new DataTypeNode(isVarying ? DataTypeKind.VarChar : DataTypeKind.Char, Precision(ref cursor, false).Length)
        {
            IsNational = isNational,
        };
        return CharacterAttributes(ref cursor, type);
    }

    // LONG, LONG VARCHAR and LONG VARBINARY are old names of the medium types.
    private static DataTypeNode Long(ref TokenCursor cursor)
    {
        cursor.Advance();
        if (cursor.Accept(Keyword.VARBINARY))
            return new DataTypeNode(DataTypeKind.MediumBlob);
        if (cursor.Accept(Keyword.CHAR) || cursor.Accept(Keyword.CHARACTER))
            cursor.Expect(Keyword.VARYING);
        else if (!cursor.Accept(Keyword.VARCHAR))
            cursor.Accept(Keyword.VARCHARACTER);
        return CharacterAttributes(ref cursor, new DataTypeNode(DataTypeKind.MediumText));
    }

    private static (ulong? Length, int? Scale) Precision(ref TokenCursor cursor, bool mayHaveScale)
    {
        if (!cursor.Accept(TokenKind.OpenParen))
            return (null, null);
        ulong length = cursor.Number();
        int? scale = null;
        if (mayHaveScale && cursor.Accept(TokenKind.Comma))
            scale = (int)Math.Min(cursor.Number(), int.MaxValue);
        cursor.Expect(TokenKind.CloseParen);
        return (length, scale);
    }

    private static DataTypeNode Signs(ref TokenCursor cursor, DataTypeNode type)
    {
        while (true)
        {
            if (cursor.Accept(Keyword.UNSIGNED))
                type = type with { IsUnsigned = true };
            else if (cursor.Accept(Keyword.ZEROFILL))
                type = type with { IsUnsigned = true, IsZeroFill = true };
            else if (!cursor.Accept(Keyword.SIGNED))
                return type;
        }
    }

    private static byte[][] Members(ref TokenCursor cursor)
    {
        cursor.Expect(TokenKind.OpenParen);
        List<byte[]> members = [];
        do
        {
            members.Add(cursor.Current.Kind is TokenKind.Hex or TokenKind.Bits
                ? ((Ast.Expressions.BinaryLiteral)Expressions.OperandParser.Parse(ref cursor)).Value
                : cursor.StringBytes());
        }
        while (cursor.Accept(TokenKind.Comma));
        cursor.Expect(TokenKind.CloseParen);
        return [.. members];
    }

    private static DataTypeNode CharacterAttributes(ref TokenCursor cursor, DataTypeNode type)
    {
        while (true)
        {
            if (cursor.Accept(Keyword.BINARY))
                type = type with { HasBinaryAttribute = true };
            else if (cursor.Accept(Keyword.BYTE))
                type = type with { CharacterSet = "binary" };
            else if (cursor.Accept(Keyword.ASCII))
                type = type with { CharacterSet = "latin1" };
            else if (cursor.Accept(Keyword.UNICODE))
                type = type with { CharacterSet = "ucs2" };
            else if (cursor.Is(Keyword.CHARSET) || cursor.Is(Keyword.CHARACTER, Keyword.SET) || cursor.Is(Keyword.CHAR, Keyword.SET))
                type = type with { CharacterSet = Queries.IntoParser.TryCharacterSet(ref cursor) };
            else
                break;
        }

        return cursor.Accept(Keyword.COLLATE) ? type with { Collation = cursor.CharacterSetName() } : type;
    }
}
