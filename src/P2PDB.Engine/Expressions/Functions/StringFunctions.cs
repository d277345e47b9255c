using System.Text;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>The functions of strings.</summary>
internal static class StringFunctions
{
    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("CONCAT", new(1, Argument.Any, Concat));
        add("CONCAT_WS", new(2, Argument.Any, ConcatWithSeparator));
        AddInteger(add, ["LENGTH", "OCTET_LENGTH"], (vector, row) => vector.GetBytes(row).Length);
        AddInteger(add, ["CHAR_LENGTH", "CHARACTER_LENGTH"], (vector, row) => TextKernels.Count(vector, row));
        AddInteger(add, ["BIT_LENGTH"], (vector, row) => vector.GetBytes(row).Length * 8L);
        AddInteger(add, ["ASCII"], (vector, row) => vector.GetBytes(row) is [var first, ..] ? first : 0);
        AddInteger(add, ["ORD"], Ord);
        AddText(add, ["UPPER", "UCASE"], (text, target) => TextKernels.ChangeCase(text, toUpper: true, target), keepBinary: true);
        AddText(add, ["LOWER", "LCASE"], (text, target) => TextKernels.ChangeCase(text, toUpper: false, target), keepBinary: true);
        AddText(add, ["LTRIM"], (text, target) => target.Write(text.TrimStart((byte)' ')));
        AddText(add, ["RTRIM"], (text, target) => target.Write(text.TrimEnd((byte)' ')));
        AddText(add, ["SOUNDEX"], TextKernels.Soundex);
        add("TRIM", new(1, 2, arguments => Trim(arguments[0], arguments.Length > 1 ? arguments[1] : null, true, true)));
        add("SUBSTRING", new(2, 3, Substring));
        add("SUBSTR", new(2, 3, Substring));
        add("MID", new(3, 3, Substring));
        add("LEFT", Argument.Define(2, arguments => Side(arguments, isLeft: true)));
        add("RIGHT", Argument.Define(2, arguments => Side(arguments, isLeft: false)));
        add("REPLACE", Argument.Define(3, Replace));
        add("REPEAT", Argument.Define(2, Repeat));
        add("SPACE", Argument.Define(1, Space));
        add("REVERSE", Argument.Define(1, Reverse));
        add("LPAD", new(2, 3, arguments => Pad("lpad", arguments, isLeft: true)));
        add("RPAD", new(2, 3, arguments => Pad("rpad", arguments, isLeft: false)));
        add("LOCATE", new(2, 3, arguments => Locate(arguments[0], arguments[1], arguments.Length > 2 ? arguments[2] : null)));
        add("POSITION", Argument.Define(2, arguments => Locate(arguments[0], arguments[1], null)));
        add("INSTR", Argument.Define(2, arguments => Locate(arguments[1], arguments[0], null)));
        add("SUBSTRING_INDEX", Argument.Define(3, SubstringIndex));
        add("INSERT", Argument.Define(4, Insert));
        add("STRCMP", Argument.Define(2, Compare));
        add("FIELD", new(2, Argument.Any, Field));
        add("ELT", new(2, Argument.Any, Element));
        add("FIND_IN_SET", Argument.Define(2, FindInSet));
        add("MAKE_SET", new(2, Argument.Any, MakeSet));
        add("EXPORT_SET", new(3, 5, ExportSet));
        add("QUOTE", Argument.Define(1, Quote));
        add("CHAR", new(1, Argument.Any, Char));
        add("FORMAT", new(2, 3, Format));
        add("CHARSET", Argument.Define(1, arguments => Name(arguments[0], collation => collation.Charset)));
        add("COLLATION", Argument.Define(1, arguments => Name(arguments[0], collation => collation.Name)));
        add("WEIGHT_STRING", Argument.Define(1, WeightString));
    }

    /// <summary>TRIM([LEADING | TRAILING | BOTH] [what] FROM text).</summary>
    public static Expression Trim(Expression text, Expression? what, bool atStart, bool atEnd)
    {
        Expression[] arguments = what is null ? [Argument.Text(text)] : [Argument.Text(text), Argument.Text(what)];
        SqlType type = Argument.TextType([text], NumericTyping.TextLengthOf(text.Type));
        return new FunctionExpression("trim", type, arguments, (_, vectors, row, result) =>
        {
            ReadOnlySpan<byte> cut = vectors.Length > 1 ? vectors[1].GetBytes(row) : " "u8;
            result.SetBytes(row, TextKernels.Trim(vectors[0].GetBytes(row), cut, atStart, atEnd));
        });
    }

    private static void AddInteger(Action<string, FunctionDefinition> add, string[] names, Func<ColumnVector, int, long> compute)
    {
        foreach (string name in names)
        {
            add(name, Argument.Define(1, arguments => new FunctionExpression(name, SqlType.BigInt.WithLength(10),
                [Argument.Text(arguments[0])], (_, vectors, row, result) => result.SetInt64(row, compute(vectors[0], row)),
                isNullable: arguments[0].IsNullable)));
        }
    }

    private delegate void TextTransform(ReadOnlySpan<byte> text, ByteWriter target);

    private static void AddText(Action<string, FunctionDefinition> add, string[] names, TextTransform transform, bool keepBinary = false)
    {
        foreach (string name in names)
        {
            add(name, Argument.Define(1, arguments =>
            {
                SqlType type = Argument.TextType(arguments, NumericTyping.TextLengthOf(arguments[0].Type));
                bool copies = keepBinary && type.IsBinaryString;
                return new FunctionExpression(name, type, Argument.Texts(arguments), (_, vectors, row, result) =>
                {
                    ByteWriter scratch = TextKernels.Scratch;
                    if (copies)
                        scratch.Write(vectors[0].GetBytes(row));
                    else
                        transform(vectors[0].GetBytes(row), scratch);
                    result.SetBytes(row, scratch.Written);
                }, isNullable: arguments[0].IsNullable);
            }));
        }
    }

    private static long Ord(ColumnVector vector, int row)
    {
        ReadOnlySpan<byte> text = vector.GetBytes(row);
        if (text.IsEmpty)
            return 0;
        int length = vector.Type.IsBinaryString ? 1 : Utf8.LengthOfFirst(text);
        long value = 0;
        foreach (byte part in text[..length])
            value = (value << 8) | part;
        return value;
    }

    private static FunctionExpression Concat(Expression[] arguments) => new("concat",
        Argument.TextType(arguments, Argument.LengthOf(arguments)), Argument.Texts(arguments), (context, vectors, row, result) =>
        {
            ByteWriter joined = TextKernels.Scratch;
            foreach (ColumnVector vector in vectors)
                joined.Write(vector.GetBytes(row));
            SetLimited(context, "concat", joined.Written, result, row);
        });

    private static FunctionExpression ConcatWithSeparator(Expression[] arguments) => new("concat_ws",
        Argument.TextType(arguments, Argument.LengthOf(arguments) + (arguments.Length * NumericTyping.TextLengthOf(arguments[0].Type))),
        Argument.Texts(arguments), (context, vectors, row, result) =>
        {
            if (vectors[0].IsNull(row))
            {
                result.SetNull(row);
                return;
            }

            ByteWriter joined = TextKernels.Scratch;
            bool isFirst = true;
            foreach (ColumnVector vector in vectors[1..])
            {
                if (vector.IsNull(row))
                    continue;
                if (!isFirst)
                    joined.Write(vectors[0].GetBytes(row));
                joined.Write(vector.GetBytes(row));
                isFirst = false;
            }

            SetLimited(context, "concat_ws", joined.Written, result, row);
        }, seesNulls: true);

    private static void SetLimited(EvaluationContext context, string function, ReadOnlySpan<byte> text, ColumnVector result, int row)
    {
        if (text.Length > context.PacketLengthMax)
        {
            context.Warn(SqlErrors.PacketOverflow(function, context.PacketLengthMax));
            result.SetNull(row);
            return;
        }

        result.SetBytes(row, text);
    }

    private static FunctionExpression Substring(Expression[] arguments)
    {
        Expression text = Argument.Text(arguments[0]);
        Expression[] bound = arguments.Length == 2
            ? [text, Argument.Integer(arguments[1])]
            : [text, Argument.Integer(arguments[1]), Argument.Integer(arguments[2])];
        SqlType type = Argument.TextType([text], text.Type.Length);
        return new FunctionExpression("substr", type, bound, (_, vectors, row, result) => result.SetBytes(row,
            TextKernels.Substring(vectors[0].Type, vectors[0].GetBytes(row), vectors[1].GetInt64(row),
                vectors.Length > 2 ? vectors[2].GetInt64(row) : long.MaxValue)));
    }

    private static FunctionExpression Side(Expression[] arguments, bool isLeft)
    {
        Expression text = Argument.Text(arguments[0]);
        return new FunctionExpression(isLeft ? "left" : "right", Argument.TextType([text], text.Type.Length),
            [text, Argument.Integer(arguments[1])], (_, vectors, row, result) =>
            {
                ReadOnlySpan<byte> value = vectors[0].GetBytes(row);
                long count = Math.Max(0, vectors[1].GetInt64(row));
                long skipped = isLeft ? 0 : Math.Max(0, TextKernels.Count(vectors[0], row) - count);
                int at = TextKernels.OffsetOf(text.Type, value, isLeft ? count : skipped);
                result.SetBytes(row, isLeft ? value[..at] : value[at..]);
            });
    }

    private static FunctionExpression Replace(Expression[] arguments)
    {
        long length = NumericTyping.TextLengthOf(arguments[0].Type) * Math.Max(1, NumericTyping.TextLengthOf(arguments[2].Type));
        return new FunctionExpression("replace", Argument.TextType(arguments, length), Argument.Texts(arguments),
            (context, vectors, row, result) =>
            {
                ByteWriter target = TextKernels.Scratch;
                TextKernels.Replace(vectors[0].GetBytes(row), vectors[1].GetBytes(row), vectors[2].GetBytes(row), target);
                SetLimited(context, "replace", target.Written, result, row);
            });
    }

    private static FunctionExpression Repeat(Expression[] arguments) => new("repeat",
        Argument.TextType([arguments[0]], 1 << 24), [Argument.Text(arguments[0]), Argument.Integer(arguments[1])],
        (context, vectors, row, result) =>
        {
            ReadOnlySpan<byte> text = vectors[0].GetBytes(row);
            long count = Math.Max(0, vectors[1].GetInt64(row));
            if (text.Length > 0 && count > context.PacketLengthMax / text.Length)
            {
                context.Warn(SqlErrors.PacketOverflow("repeat", context.PacketLengthMax));
                result.SetNull(row);
                return;
            }

            Span<byte> target = result.AllocateBytes(row, checked((int)(text.Length * (text.Length == 0 ? 0 : count))));
            for (int at = 0; at < target.Length; at += text.Length)
                text.CopyTo(target[at..]);
        });

    private static FunctionExpression Space(Expression[] arguments) => new("space", Argument.PlainText(1 << 24),
        [Argument.Integer(arguments[0])], (context, vectors, row, result) =>
        {
            long count = Math.Max(0, vectors[0].GetInt64(row));
            if (count > context.PacketLengthMax)
            {
                context.Warn(SqlErrors.PacketOverflow("space", context.PacketLengthMax));
                result.SetNull(row);
                return;
            }

            result.AllocateBytes(row, (int)count).Fill((byte)' ');
        });

    private static FunctionExpression Reverse(Expression[] arguments) => new("reverse",
        Argument.TextType(arguments, NumericTyping.TextLengthOf(arguments[0].Type)), Argument.Texts(arguments),
        (_, vectors, row, result) =>
        {
            ReadOnlySpan<byte> text = vectors[0].GetBytes(row);
            TextKernels.Reverse(vectors[0].Type, text, result.AllocateBytes(row, text.Length));
        });

    private static FunctionExpression Pad(string name, Expression[] arguments, bool isLeft)
    {
        Expression text = Argument.Text(arguments[0]);
        Expression pad = arguments.Length > 2 ? Argument.Text(arguments[2]) : new ConstantExpression(SqlValue.FromText(" "));
        return new FunctionExpression(name, Argument.TextType([text, pad], 1 << 24),
            [text, Argument.Integer(arguments[1]), pad], (context, vectors, row, result) =>
            {
                ByteWriter target = TextKernels.Scratch;
                long length = vectors[1].GetInt64(row);
                bool fits = length <= context.PacketLengthMax;
                if (!fits)
                    context.Warn(SqlErrors.PacketOverflow(name, context.PacketLengthMax));
                if (fits && TextKernels.TryPad(result.Type, vectors[0].GetBytes(row), length, vectors[2].GetBytes(row), isLeft, target))
                    result.SetBytes(row, target.Written);
                else
                    result.SetNull(row);
            });
    }

    private static FunctionExpression Locate(Expression needle, Expression text, Expression? start)
    {
        Expression[] bound = start is null
            ? [Argument.Text(needle), Argument.Text(text)]
            : [Argument.Text(needle), Argument.Text(text), Argument.Integer(start)];
        Collation collation = NumericTyping.CollationOf(bound.AsSpan(0, 2));
        return new FunctionExpression("locate", SqlType.BigInt.WithLength(11), bound, (_, vectors, row, result) =>
            result.SetInt64(row, TextKernels.Locate(collation, vectors[0].GetBytes(row), vectors[1].GetBytes(row),
                vectors.Length > 2 ? vectors[2].GetInt64(row) : 1, collation.IsBinary)));
    }

    private static FunctionExpression SubstringIndex(Expression[] arguments) => new("substring_index",
        Argument.TextType(arguments.AsSpan(0, 2), NumericTyping.TextLengthOf(arguments[0].Type)),
        [Argument.Text(arguments[0]), Argument.Text(arguments[1]), Argument.Integer(arguments[2])],
        (_, vectors, row, result) => result.SetBytes(row, TextKernels.SubstringIndex(vectors[0].GetBytes(row),
            vectors[1].GetBytes(row), vectors[2].GetInt64(row))));

    private static FunctionExpression Insert(Expression[] arguments) => new("insert",
        Argument.TextType([arguments[0], arguments[3]], NumericTyping.TextLengthOf(arguments[0].Type) + NumericTyping.TextLengthOf(arguments[3].Type)),
        [Argument.Text(arguments[0]), Argument.Integer(arguments[1]), Argument.Integer(arguments[2]), Argument.Text(arguments[3])],
        (_, vectors, row, result) =>
        {
            ReadOnlySpan<byte> text = vectors[0].GetBytes(row);
            long position = vectors[1].GetInt64(row), length = vectors[2].GetInt64(row);
            int count = TextKernels.Count(vectors[0], row);
            if (position < 1 || position > count)
            {
                result.SetBytes(row, text);
                return;
            }

            int start = TextKernels.OffsetOf(vectors[0].Type, text, position - 1);
            long cut = length < 0 || length > count ? count : length;
            int end = start + TextKernels.OffsetOf(vectors[0].Type, text[start..], cut);
            ByteWriter target = TextKernels.Scratch;
            target.Write(text[..start]);
            target.Write(vectors[3].GetBytes(row));
            target.Write(text[end..]);
            result.SetBytes(row, target.Written);
        });

    private static FunctionExpression Compare(Expression[] arguments)
    {
        Expression[] texts = Argument.Texts(arguments);
        Collation collation = NumericTyping.CollationOf(texts);
        return new FunctionExpression("strcmp", SqlType.Int.WithLength(2), texts, (_, vectors, row, result) =>
            result.SetInt64(row, Math.Sign(collation.Compare(vectors[0].GetBytes(row), vectors[1].GetBytes(row)))));
    }

    private static FunctionExpression Field(Expression[] arguments)
    {
        bool allTexts = Array.TrueForAll(arguments, argument => argument.Type.IsString);
        Expression[] comparisons = new Expression[arguments.Length - 1];
        for (int i = 1; i < arguments.Length; i++)
        {
            comparisons[i - 1] = new ComparisonExpression(ComparisonOperator.Equal,
                allTexts ? arguments[0] : Argument.Real(arguments[0]), allTexts ? arguments[i] : Argument.Real(arguments[i]));
        }

        return new FunctionExpression("field", SqlType.Int.WithLength(3), comparisons, (_, vectors, row, result) =>
        {
            int found = 0;
            for (int i = 0; i < vectors.Length && found == 0; i++)
                found = !vectors[i].IsNull(row) && vectors[i].GetInt64(row) != 0 ? i + 1 : 0;
            result.SetInt64(row, found);
        }, seesNulls: true, isNullable: false);
    }

    private static FunctionExpression Element(Expression[] arguments)
    {
        Expression[] bound = Argument.Texts(arguments);
        bound[0] = Argument.Integer(arguments[0]);
        return new FunctionExpression("elt", Argument.TextType(arguments.AsSpan(1), Argument.LengthOf(arguments.AsSpan(1))), bound,
            (_, vectors, row, result) =>
            {
                long index = vectors[0].IsNull(row) ? 0 : vectors[0].GetInt64(row);
                if (index < 1 || index >= vectors.Length || vectors[(int)index].IsNull(row))
                    result.SetNull(row);
                else
                    result.SetBytes(row, vectors[(int)index].GetBytes(row));
            }, seesNulls: true);
    }

    private static FunctionExpression FindInSet(Expression[] arguments)
    {
        Expression[] texts = Argument.Texts(arguments);
        Collation collation = NumericTyping.CollationOf(texts);
        return new FunctionExpression("find_in_set", SqlType.Int.WithLength(3), texts, (_, vectors, row, result) =>
        {
            ReadOnlySpan<byte> wanted = vectors[0].GetBytes(row), set = vectors[1].GetBytes(row);
            int number = 0, found = 0;
            foreach (Range part in set.Split((byte)','))
            {
                number++;
                if (collation.Equals(set[part], wanted))
                {
                    found = number;
                    break;
                }
            }

            result.SetInt64(row, set.IsEmpty || wanted.Contains((byte)',') ? 0 : found);
        });
    }

    private static FunctionExpression MakeSet(Expression[] arguments)
    {
        Expression[] bound = Argument.Texts(arguments);
        bound[0] = Argument.Integer(arguments[0]);
        return new FunctionExpression("make_set", Argument.TextType(arguments.AsSpan(1), Argument.LengthOf(arguments) + arguments.Length),
            bound, (_, vectors, row, result) =>
            {
                if (vectors[0].IsNull(row))
                {
                    result.SetNull(row);
                    return;
                }

                ByteWriter joined = TextKernels.Scratch;
                long bits = vectors[0].GetInt64(row);
                bool isFirst = true;
                for (int i = 1; i < vectors.Length && i <= 64; i++)
                {
                    if ((bits >> (i - 1) & 1) == 0 || vectors[i].IsNull(row))
                        continue;
                    if (!isFirst)
                        joined.WriteByte((byte)',');
                    joined.Write(vectors[i].GetBytes(row));
                    isFirst = false;
                }

                result.SetBytes(row, joined.Written);
            }, seesNulls: true);
    }

    private static FunctionExpression ExportSet(Expression[] arguments)
    {
        Expression[] bound = Argument.Texts(arguments);
        bound[0] = Argument.Integer(arguments[0]);
        if (arguments.Length > 4)
            bound[4] = Argument.Integer(arguments[4]);
        return new FunctionExpression("export_set", Argument.TextType(arguments.AsSpan(1, 2), 64 * 32), bound,
            (_, vectors, row, result) =>
            {
                ByteWriter joined = TextKernels.Scratch;
                long bits = vectors[0].GetInt64(row);
                long count = vectors.Length > 4 ? vectors[4].GetInt64(row) : 64;
                count = count is < 0 or > 64 ? 64 : count;
                for (int i = 0; i < count; i++)
                {
                    if (i > 0)
                        joined.Write(vectors.Length > 3 ? vectors[3].GetBytes(row) : ","u8);
                    joined.Write(vectors[(bits >> i & 1) != 0 ? 1 : 2].GetBytes(row));
                }

                result.SetBytes(row, joined.Written);
            });
    }

    private static FunctionExpression Quote(Expression[] arguments) => new("quote",
        Argument.TextType(arguments, (NumericTyping.TextLengthOf(arguments[0].Type) * 2) + 2), Argument.Texts(arguments),
        (_, vectors, row, result) =>
        {
            if (vectors[0].IsNull(row))
            {
                result.SetBytes(row, "NULL"u8);
                return;
            }

            ByteWriter quoted = TextKernels.Scratch;
            quoted.WriteByte((byte)'\'');
            foreach (byte c in vectors[0].GetBytes(row))
            {
                if (c is (byte)'\'' or (byte)'\\' or 0 or 26)
                    quoted.WriteByte((byte)'\\');
                quoted.WriteByte(c switch { 0 => (byte)'0', 26 => (byte)'Z', _ => c });
            }

            quoted.WriteByte((byte)'\'');
            result.SetBytes(row, quoted.Written);
        }, seesNulls: true, isNullable: false);

    /// <summary>CHAR(n, …) gives binary bytes; CHAR(n … USING utf8mb4) is a cast of it.</summary>
    private static FunctionExpression Char(Expression[] arguments) => new("char", SqlType.VarBinary(4 * arguments.Length),
        Array.ConvertAll(arguments, Argument.Integer), (_, vectors, row, result) =>
        {
            ByteWriter bytes = TextKernels.Scratch;
            foreach (ColumnVector vector in vectors)
            {
                if (vector.IsNull(row))
                    continue;
                uint value = unchecked((uint)vector.GetInt64(row));
                for (int shift = value > 0xFFFFFF ? 24 : value > 0xFFFF ? 16 : value > 0xFF ? 8 : 0; shift >= 0; shift -= 8)
                    bytes.WriteByte((byte)(value >> shift));
            }

            result.SetBytes(row, bytes.Written);
        }, seesNulls: true, isNullable: false);

    private static FunctionExpression Format(Expression[] arguments)
    {
        bool isReal = NumericTyping.ClassOf(arguments[0].AsNumber.Type) == PhysicalKind.Double;
        Expression number = NumericTyping.Convert(arguments[0], isReal ? PhysicalKind.Double : PhysicalKind.Decimal);
        return new FunctionExpression("format", Argument.PlainText(60), [number, Argument.Integer(arguments[1])],
            (_, vectors, row, result) =>
            {
                int scale = (int)Math.Clamp(vectors[1].GetInt64(row), 0, 30);
                Span<byte> text = stackalloc byte[NumberText.FixedLengthMax];
                int length;
                if (isReal)
                {
                    double value = vectors[0].GetDouble(row);
                    double rounded = scale <= 15 ? Rounding.Round(value, scale) : value;
                    length = NumberText.FormatFixed(rounded, scale, text);
                }
                else
                {
                    length = vectors[0].GetDecimal(row).Round(scale).Format(text);
                }

                ByteWriter grouped = TextKernels.Scratch;
                TextKernels.Group(text[..length], grouped);
                result.SetBytes(row, grouped.Written);
            });
    }

    private static ConstantExpression Name(Expression argument, Func<Collation, string> name)
    {
        Collation collation = argument.Type.IsString || argument.Type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set or SqlTypeKind.Json
            ? argument.Type.Collation
            : Collation.Binary;
        return new ConstantExpression(SqlValue.FromText(Encoding.UTF8.GetBytes(name(collation))));
    }

    private static FunctionExpression WeightString(Expression[] arguments)
    {
        Expression text = Argument.Text(arguments[0]);
        Collation collation = text.Type.Collation;
        return new FunctionExpression("weight_string", SqlType.LongBlob, [text], (_, vectors, row, result) =>
        {
            ByteWriter weights = TextKernels.Scratch;
            collation.AppendSortKey(vectors[0].GetBytes(row), weights);
            result.SetBytes(row, weights.Written);
        });
    }
}
