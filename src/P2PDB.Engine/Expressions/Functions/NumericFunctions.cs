using System.Globalization;
using System.Numerics;
using System.Text;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>The functions of numbers.</summary>
internal static class NumericFunctions
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly (double Size, string Name)[] ByteUnits =
    [
        (1, "bytes"), (1L << 10, "KiB"), (1L << 20, "MiB"), (1L << 30, "GiB"), (1L << 40, "TiB"), (1L << 50, "PiB"), (1L << 60, "EiB"),
    ];

    private static readonly (double Size, string Name)[] PicosecondUnits =
    [
        (1, "ps"), (1e3, "ns"), (1e6, "us"), (1e9, "ms"), (1e12, "s"), (60e12, "min"), (3600e12, "h"), (86400e12, "d"),
    ];

    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("ABS", Argument.Define(1, Abs));
        add("SIGN", Argument.Define(1, arguments => RealToInteger("sign", arguments, value => Math.Sign(value))));
        add("MOD", Argument.Define(2, arguments => ArithmeticExpression.Bind(ArithmeticOperator.Modulo, arguments[0], arguments[1])));
        foreach (string name in (string[])["CEIL", "CEILING"])
            add(name, Argument.Define(1, arguments => ToInteger(name, arguments[0], Math.Ceiling, value => value.Ceiling())));
        add("FLOOR", Argument.Define(1, arguments => ToInteger("floor", arguments[0], Math.Floor, value => value.Floor())));
        add("ROUND", new(1, 2, arguments => Round("round", arguments, Rounding.Round, (value, scale) => value.Round(scale))));
        add("TRUNCATE", Argument.Define(2, arguments => Round("truncate", arguments, Rounding.Truncate, (value, scale) => value.Truncate(scale))));
        add("PI", Argument.Define(0, _ => new ConstantExpression(SqlValue.FromDouble(
            new SqlType(SqlTypeKind.Double, 8, scale: 6), Math.PI))));
        AddReal(add, "EXP", Math.Exp);
        AddReal(add, "SQRT", Math.Sqrt);
        AddReal(add, "LN", value => value <= 0 ? double.NaN : Math.Log(value), isLogarithm: true);
        AddReal(add, "LOG2", value => value <= 0 ? double.NaN : Math.Log2(value), isLogarithm: true);
        AddReal(add, "LOG10", value => value <= 0 ? double.NaN : Math.Log10(value), isLogarithm: true);
        AddReal(add, "SIN", Math.Sin);
        AddReal(add, "COS", Math.Cos);
        AddReal(add, "TAN", Math.Tan);
        AddReal(add, "ASIN", Math.Asin);
        AddReal(add, "ACOS", Math.Acos);
        AddReal(add, "COT", Cotangent);
        AddReal(add, "RADIANS", value => value * (Math.PI / 180));
        AddReal(add, "DEGREES", value => value * (180 / Math.PI));
        add("LOG", new(1, 2, Log));
        foreach (string name in (string[])["POW", "POWER"])
            add(name, Argument.Define(2, arguments => Power(arguments)));
        foreach (string name in (string[])["ATAN", "ATAN2"])
            add(name, new(1, 2, arguments => Atan(arguments)));
        add("FORMAT_BYTES", Argument.Define(1, arguments => WithUnit("format_bytes", arguments, ByteUnits, wholeWidth: 4)));
        add("FORMAT_PICO_TIME", Argument.Define(1, arguments => WithUnit("format_pico_time", arguments, PicosecondUnits, wholeWidth: 3)));
        add("RAND", new(0, 1, Rand));
        add("CRC32", Argument.Define(1, Crc32));
        add("CONV", Argument.Define(3, arguments => Convert("conv", arguments[0], arguments[1], arguments[2])));
        add("BIN", Argument.Define(1, arguments => Convert("bin", arguments[0], Constant(10), Constant(2))));
        add("OCT", Argument.Define(1, arguments => Convert("oct", arguments[0], Constant(10), Constant(8))));
        add("BIT_COUNT", Argument.Define(1, arguments => new FunctionExpression("bit_count", SqlType.BigInt.WithLength(2),
            [Argument.Integer(arguments[0])], (_, vectors, row, result) =>
                result.SetInt64(row, BitOperations.PopCount(unchecked((ulong)vectors[0].GetInt64(row)))))));
    }

    // Whole in the smallest unit, else with two digits, and in powers of ten where even the largest unit is too small.
    private static FunctionExpression WithUnit(string name, Expression[] arguments, (double Size, string Name)[] units, int wholeWidth) => new(name,
        Argument.PlainText(17), Argument.Reals(arguments), (_, vectors, row, result) =>
        {
            double value = vectors[0].GetDouble(row);
            int unit = units.Length - 1;
            while (unit > 0 && Math.Abs(value) < units[unit].Size)
                unit--;
            double shown = value / units[unit].Size;
            string text = unit == 0
                ? Math.Truncate(shown).ToString("0", CultureInfo.InvariantCulture).PadLeft(wholeWidth) + " " + units[unit].Name
                : Math.Abs(shown) >= 100_000 ? string.Create(CultureInfo.InvariantCulture, $"{shown:0.00e+00} {units[unit].Name}")
                : string.Create(CultureInfo.InvariantCulture, $"{shown,4:0.00} {units[unit].Name}");
            result.SetBytes(row, Encoding.ASCII.GetBytes(text));
        });

    private static ConstantExpression Constant(long value) => new(SqlValue.FromInt64(value));

    private static FunctionExpression Abs(Expression[] arguments)
    {
        Expression argument = arguments[0].AsNumber;
        PhysicalKind common = NumericTyping.ClassOf(argument.Type);
        Expression number = NumericTyping.Convert(argument, common);
        SqlType type = common switch
        {
            PhysicalKind.Double => SqlType.Double,
            PhysicalKind.Decimal => NumericTyping.AsDecimal(argument.Type),
            _ => new SqlType(SqlTypeKind.BigInt, argument.Type.Length, isUnsigned: argument.Type.IsUnsigned),
        };
        return new FunctionExpression("abs", type, [number], (context, vectors, row, result) =>
        {
            if (common == PhysicalKind.Double)
                result.SetDouble(row, Math.Abs(vectors[0].GetDouble(row)));
            else if (common == PhysicalKind.Decimal)
                result.SetDecimal(row, vectors[0].GetDecimal(row).Abs());
            else
                result.SetInt64(row, AbsInteger(context, number, vectors[0].GetInt64(row), type.IsUnsigned));
        });
    }

    private static long AbsInteger(EvaluationContext context, Expression number, long value, bool isUnsigned)
    {
        if (isUnsigned || value >= 0)
            return value;
        if (value == long.MinValue)
            throw SqlErrors.ValueOutOfRange("BIGINT", $"abs({number.Describe(context)})").ToException();
        return -value;
    }

    private static FunctionExpression RealToInteger(string name, Expression[] arguments, Func<double, long> compute) => new(name,
        SqlType.BigInt.WithLength(2), [Argument.Real(arguments[0])],
        (_, vectors, row, result) => result.SetInt64(row, compute(vectors[0].GetDouble(row))));

    private static Expression ToInteger(string name, Expression argument, Func<double, double> real, Func<SqlDecimal, SqlDecimal> exact)
    {
        argument = argument.AsNumber;
        PhysicalKind common = NumericTyping.ClassOf(argument.Type);
        Expression number = NumericTyping.Convert(argument, common);
        if (common == PhysicalKind.Int64)
            return number;
        if (common == PhysicalKind.Double)
        {
            return new FunctionExpression(name, SqlType.Double, [number],
                (_, vectors, row, result) => result.SetDouble(row, real(vectors[0].GetDouble(row))));
        }

        int digits = NumericTyping.PrecisionOf(argument.Type) - NumericTyping.ScaleOf(argument.Type) + 1;
        if (digits > 18)
        {
            return new FunctionExpression(name, SqlType.Decimal(digits, 0), [number],
                (_, vectors, row, result) => result.SetDecimal(row, exact(vectors[0].GetDecimal(row))));
        }

        return new FunctionExpression(name, SqlType.BigInt.WithLength(digits), [number], (_, vectors, row, result) =>
        {
            exact(vectors[0].GetDecimal(row)).TryToInt64(out long value);
            result.SetInt64(row, value);
        });
    }

    private static FunctionExpression Round(string name, Expression[] arguments, Func<double, long, double> real,
        Func<SqlDecimal, int, SqlDecimal> exact)
    {
        Expression argument = arguments[0].AsNumber;
        PhysicalKind common = NumericTyping.ClassOf(argument.Type);
        Expression number = NumericTyping.Convert(argument, common);
        Expression places = arguments.Length > 1 ? Argument.Integer(arguments[1]) : Constant(0);
        if (common == PhysicalKind.Double)
        {
            return new FunctionExpression(name, SqlType.Double, [number, places], (_, vectors, row, result) =>
                result.SetDouble(row, real(vectors[0].GetDouble(row), vectors[1].GetInt64(row))));
        }

        if (common == PhysicalKind.Int64)
            return RoundInteger(name, number, places, exact);
        int scale = NumericTyping.ScaleOf(argument.Type), precision = NumericTyping.PrecisionOf(argument.Type);
        int shown = places is ConstantExpression known ? (int)Math.Clamp(known.Value.Int64, 0, SqlDecimal.ScaleMax) : scale;
        int carry = name == "round" && shown < scale ? 1 : 0;   // 9.9 rounds to a digit more
        SqlType type = SqlType.Decimal(precision - scale + shown + carry, shown, argument.Type.IsUnsigned);
        return new FunctionExpression(name, type, [number, places], (_, vectors, row, result) =>
        {
            int digits = (int)Math.Clamp(vectors[1].GetInt64(row), -70, shown);
            SqlDecimal rounded = exact(vectors[0].GetDecimal(row), digits);
            result.SetDecimal(row, digits < 0 ? rounded.Round(0) : rounded);   // no zeros after a point that was rounded over
        });
    }

    private static FunctionExpression RoundInteger(string name, Expression number, Expression places, Func<SqlDecimal, int, SqlDecimal> exact)
    {
        bool isUnsigned = number.Type.IsUnsigned;
        return new FunctionExpression(name, new SqlType(SqlTypeKind.BigInt, 21, isUnsigned: isUnsigned), [number, places],
            (_, vectors, row, result) =>
            {
                long value = vectors[0].GetInt64(row), digits = vectors[1].GetInt64(row);
                if (digits < 0)
                {
                    SqlDecimal whole = isUnsigned ? SqlDecimal.FromUInt64(unchecked((ulong)value)) : new SqlDecimal(value);
                    SqlDecimal rounded = exact(whole, (int)Math.Max(digits, -70));
                    if (isUnsigned)
                    {
                        rounded.TryToUInt64(out ulong unsigned);
                        value = unchecked((long)unsigned);
                    }
                    else
                    {
                        rounded.TryToInt64(out value);
                    }
                }

                result.SetInt64(row, value);
            });
    }

    private static void AddReal(Action<string, FunctionDefinition> add, string name, Func<double, double> compute, bool isLogarithm = false) =>
        add(name, Argument.Define(1, arguments => new FunctionExpression(name, SqlType.Double, Argument.Reals(arguments),
            (context, vectors, row, result) => SetReal(context, name, compute(vectors[0].GetDouble(row)), isLogarithm, result, row))));

    private static void SetReal(EvaluationContext context, string name, double value, bool isLogarithm, ColumnVector result, int row)
    {
        if (double.IsNaN(value))
        {
            if (isLogarithm)
                context.WarnOrFail(new SqlError(3020, "2201E", $"Invalid argument for logarithm"));
            result.SetNull(row);
            return;
        }

        if (double.IsInfinity(value))
        {
#pragma warning disable CA1308 // MySQL shows function names in lower case.
            throw SqlErrors.ValueOutOfRange("DOUBLE", $"{name.ToLowerInvariant()}()").ToException();
#pragma warning restore CA1308
        }

        result.SetDouble(row, value);
    }

    private static double Cotangent(double value) => 1 / Math.Tan(value);

    private static FunctionExpression Log(Expression[] arguments) => new("log", SqlType.Double, Argument.Reals(arguments),
        (context, vectors, row, result) =>
        {
            double first = vectors[0].GetDouble(row);
            double value = first <= 0 ? double.NaN : Math.Log(first);
            if (vectors.Length > 1)
            {
                double second = vectors[1].GetDouble(row);
                value = first <= 0 || first == 1 || second <= 0 ? double.NaN : Math.Log(second) / Math.Log(first);
            }

            SetReal(context, "log", value, isLogarithm: true, result, row);
        });

    private static FunctionExpression Power(Expression[] arguments) => new("pow", SqlType.Double, Argument.Reals(arguments),
        (context, vectors, row, result) =>
        {
            double value = Math.Pow(vectors[0].GetDouble(row), vectors[1].GetDouble(row));
            if (!double.IsFinite(value))
            {
                throw SqlErrors.ValueOutOfRange("DOUBLE",
                    $"pow({arguments[0].Describe(context)},{arguments[1].Describe(context)})").ToException();
            }

            result.SetDouble(row, value);
        });

    private static FunctionExpression Atan(Expression[] arguments) => new("atan", SqlType.Double, Argument.Reals(arguments),
        (_, vectors, row, result) => result.SetDouble(row, vectors.Length > 1
            ? Math.Atan2(vectors[0].GetDouble(row), vectors[1].GetDouble(row))
            : Math.Atan(vectors[0].GetDouble(row))));

    // MySQL's generator: two linear congruences modulo 2^30 - 1. RAND(n) with a constant starts one sequence a statement.
    private static FunctionExpression Rand(Expression[] arguments)
    {
        if (arguments.Length == 0)
        {
            return new FunctionExpression("rand", SqlType.Double, [], (context, _, row, result) =>
                result.SetDouble(row, context.Dice.NextDouble()), isDeterministic: false, isNullable: false);
        }

        bool isConstant = arguments[0].IsConstant;
        object call = new();
        return new FunctionExpression("rand", SqlType.Double, [Argument.Integer(arguments[0])], (context, vectors, row, result) =>
        {
            uint seed = vectors[0].IsNull(row) ? 0 : unchecked((uint)vectors[0].GetInt64(row));
            result.SetDouble(row, context.NextSeeded(call, seed, isConstant));
        }, seesNulls: true, isDeterministic: false, isNullable: false);
    }

    private static FunctionExpression Crc32(Expression[] arguments) => new("crc32", new SqlType(SqlTypeKind.BigInt, 10, isUnsigned: true),
        [Argument.Text(arguments[0])], (_, vectors, row, result) =>
        {
            uint crc = uint.MaxValue;
            foreach (byte part in vectors[0].GetBytes(row))
            {
                crc ^= part;
                for (int bit = 0; bit < 8; bit++)
                    crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
            }

            result.SetInt64(row, ~crc);
        });

    private static FunctionExpression Convert(string name, Expression number, Expression from, Expression to) => new(name,
        Argument.PlainText(64), [Argument.Text(number.Type.Kind == SqlTypeKind.Bit ? Unsigned(number) : number), Argument.Integer(from), Argument.Integer(to)], (_, vectors, row, result) =>
        {
            long fromBase = vectors[1].GetInt64(row), toBase = vectors[2].GetInt64(row);
            if (!IsRadix(fromBase) || !IsRadix(toBase))
            {
                result.SetNull(row);
                return;
            }

            ulong value = ReadInBase(vectors[0].GetBytes(row), (int)Math.Abs(fromBase));
            Span<byte> text = stackalloc byte[66];
            int at = text.Length;
            bool isNegative = toBase < 0 && (long)value < 0;
            if (isNegative)
                value = unchecked((ulong)-(long)value);
            do
            {
                text[--at] = (byte)Digits[(int)(value % (ulong)Math.Abs(toBase))];
                value /= (ulong)Math.Abs(toBase);
            }
            while (value != 0);
            if (isNegative)
                text[--at] = (byte)'-';
            result.SetBytes(row, text[at..]);
        });

    /// <summary>The number that a BIT holds: its text would be bytes.</summary>
    private static FunctionExpression Unsigned(Expression bits) => new("unsigned", SqlType.UnsignedBigInt, [Argument.Integer(bits)],
        (_, vectors, row, result) => result.SetInt64(row, vectors[0].GetInt64(row)));

    private static bool IsRadix(long value) => value is (>= 2 and <= 36) or (>= -36 and <= -2);

    private static ulong ReadInBase(ReadOnlySpan<byte> text, int radix)
    {
        text = text.TrimStart((byte)' ');
        bool isNegative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        UInt128 value = 0;
        foreach (byte c in text)
        {
            int digit = Digits.IndexOf(char.ToUpperInvariant((char)c), StringComparison.Ordinal);
            if (digit < 0 || digit >= radix)
                break;
            value = (value * (uint)radix) + (uint)digit;
            if (value > ulong.MaxValue)
                return ulong.MaxValue;
        }

        return unchecked(isNegative ? (ulong)-(long)(ulong)value : (ulong)value);
    }
}
