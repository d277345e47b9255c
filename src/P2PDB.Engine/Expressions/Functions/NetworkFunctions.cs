using System.Net;
using System.Net.Sockets;
using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>The functions of IP addresses.</summary>
internal static class NetworkFunctions
{
    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("INET_ATON", Argument.Define(1, arguments => new FunctionExpression("inet_aton", SqlType.UnsignedBigInt.WithLength(21),
            Argument.Texts(arguments), (context, vectors, row, result) =>
            {
                if (TryReadShort(vectors[0].GetBytes(row), out long value))
                    result.SetInt64(row, value);
                else
                    Refuse(context, vectors[0], "inet_aton", result, row);
            })));
        add("INET_NTOA", Argument.Define(1, arguments => new FunctionExpression("inet_ntoa", Argument.PlainText(15),
            [Argument.Integer(arguments[0])], (_, vectors, row, result) =>
            {
                long value = vectors[0].GetInt64(row);
                if (value is < 0 or > uint.MaxValue)
                    result.SetNull(row);
                else
                    SetText($"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}", result, row);
            })));
        add("INET6_ATON", Argument.Define(1, arguments => new FunctionExpression("inet6_aton", SqlType.VarBinary(16),
            Argument.Texts(arguments), (context, vectors, row, result) =>
            {
                if (TryRead(vectors[0].GetBytes(row), out IPAddress address))
                    result.SetBytes(row, address.GetAddressBytes());
                else
                    Refuse(context, vectors[0], "inet6_aton", result, row);
            })));
        add("INET6_NTOA", Argument.Define(1, arguments => new FunctionExpression("inet6_ntoa", Argument.PlainText(39),
            arguments, (context, vectors, row, result) =>
            {
                bool isAddress = vectors[0].Type.IsBinaryString && vectors[0].GetBytes(row).Length is 4 or 16;
                if (isAddress)
                    SetText(Show(new IPAddress(vectors[0].GetBytes(row))), result, row);
                else
                    Refuse(context, vectors[0], "inet6_ntoa", result, row);
            })));
        AddTest(add, "IS_IPV4", bytes => TryRead(bytes, out IPAddress address) && address.AddressFamily == AddressFamily.InterNetwork);
        AddTest(add, "IS_IPV6", bytes => TryRead(bytes, out IPAddress address) && address.AddressFamily == AddressFamily.InterNetworkV6);
        AddTest(add, "IS_IPV4_COMPAT", bytes => bytes.Length == 16 && !bytes[..12].ContainsAnyExcept((byte)0)
            && bytes[12..].ContainsAnyExcept((byte)0) && !bytes[12..].SequenceEqual(new byte[] { 0, 0, 0, 1 }));
        AddTest(add, "IS_IPV4_MAPPED", bytes => bytes.Length == 16 && !bytes[..10].ContainsAnyExcept((byte)0)
            && bytes[10] == 0xFF && bytes[11] == 0xFF);
    }

    private delegate bool BytesTest(ReadOnlySpan<byte> bytes);

    private static void AddTest(Action<string, FunctionDefinition> add, string name, BytesTest test) =>
        add(name, Argument.Define(1, arguments => new FunctionExpression(name, SqlType.Boolean, Argument.Texts(arguments),
            (_, vectors, row, result) => result.SetBoolean(row, !vectors[0].IsNull(row) && test(vectors[0].GetBytes(row))),
            seesNulls: true, isNullable: false)));

    private static void SetText(string text, ColumnVector result, int row) =>
        Encoding.ASCII.GetBytes(text, result.AllocateBytes(row, text.Length));

    private static void Refuse(EvaluationContext context, ColumnVector source, string function, ColumnVector result, int row)
    {
        context.WarnOrFail(SqlErrors.WrongStringForFunction("string",
            Encoding.UTF8.GetString(Conversion.ToText(context, source, row)), function));
        result.SetNull(row);
    }

    // "127.1" is 127.0.0.1: what is left out is zeros before the last number.
    private static bool TryReadShort(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        long part = 0;
        int dots = 0;
        bool hasDigit = false;
        foreach (byte c in text)
        {
            if (char.IsAsciiDigit((char)c))
            {
                part = (part * 10) + c - '0';
                hasDigit = true;
                if (part > 255)
                    return false;
            }
            else if (c == '.' && hasDigit)
            {
                if (++dots > 3)
                    return false;
                value = (value << 8) + part;
                part = 0;
                hasDigit = false;
            }
            else
            {
                return false;
            }
        }

        value = dots == 0 ? part : (value << (8 * (4 - dots))) + part;
        return hasDigit;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.IsEmpty || text.Length > 45 || text.ContainsAny("%[]/ "u8))
            return false;
        bool isV6 = text.Contains((byte)':');
        if (!isV6 && text.Count((byte)'.') != 3)
            return false;
        string shown = Encoding.ASCII.GetString(text);
        if (!isV6)
        {
            foreach (string part in shown.Split('.'))
            {
                if (part.Length is 0 or > 3 || !byte.TryParse(part, System.Globalization.NumberStyles.None, null, out _))
                    return false;
            }
        }

        return IPAddress.TryParse(shown, out address!);
    }

    private static string Show(IPAddress address) => address.ToString();
}
