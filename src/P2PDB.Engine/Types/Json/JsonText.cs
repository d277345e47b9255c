using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types.Json;

/// <summary>JSON as MySQL prints it: a blank after commas and colons, control characters escaped, the rest as it is.</summary>
internal static class JsonText
{
    public static void Write(JsonItem item, ByteWriter target)
    {
        switch (item.Kind)
        {
            case JsonKind.Null:
                target.Write("null"u8);
                break;
            case JsonKind.Boolean:
                target.Write(item.Integer != 0 ? "true"u8 : "false"u8);
                break;
            case JsonKind.Integer or JsonKind.Unsigned:
                target.Advance(NumberText.Format(item.Integer, item.Kind == JsonKind.Unsigned, target.GetSpan(24)));
                break;
            case JsonKind.Number:
                WriteDouble(item.Number, target);
                break;
            case JsonKind.Decimal:
                target.Advance(item.Exact.Format(target.GetSpan(NumberText.LengthMax)));
                break;
            case JsonKind.Text:
                WriteQuoted(item.Text, target);
                break;
            case JsonKind.List:
                target.WriteByte((byte)'[');
                for (int i = 0; i < item.Elements.Count; i++)
                {
                    if (i > 0)
                        target.Write(", "u8);
                    Write(item.Elements[i], target);
                }

                target.WriteByte((byte)']');
                break;
            default:
                target.WriteByte((byte)'{');
                for (int i = 0; i < item.Members.Count; i++)
                {
                    if (i > 0)
                        target.Write(", "u8);
                    WriteQuoted(item.Members[i].Key, target);
                    target.Write(": "u8);
                    Write(item.Members[i].Value, target);
                }

                target.WriteByte((byte)'}');
                break;
        }
    }

    /// <summary>Writes with a line per value and two blanks per level: JSON_PRETTY.</summary>
    public static void WritePretty(JsonItem item, ByteWriter target, int level = 0)
    {
        int count = item.IsScalar ? 0 : item.Length;
        if (count == 0)
        {
            Write(item, target);
            return;
        }

        bool isObject = item.Kind == JsonKind.Container;
        target.WriteByte((byte)(isObject ? '{' : '['));
        for (int i = 0; i < count; i++)
        {
            target.Write(i > 0 ? ",\n"u8 : "\n"u8);
            Indent(target, level + 1);
            if (isObject)
            {
                WriteQuoted(item.Members[i].Key, target);
                target.Write(": "u8);
            }

            WritePretty(isObject ? item.Members[i].Value : item.Elements[i], target, level + 1);
        }

        target.WriteByte((byte)'\n');
        Indent(target, level);
        target.WriteByte((byte)(isObject ? '}' : ']'));
    }

    /// <summary>Writes a string in quotes: JSON_QUOTE.</summary>
    public static void WriteQuoted(ReadOnlySpan<byte> text, ByteWriter target)
    {
        target.WriteByte((byte)'"');
        foreach (byte c in text)
        {
            ReadOnlySpan<byte> escape = c switch
            {
                (byte)'"' => "\\\""u8,
                (byte)'\\' => "\\\\"u8,
                (byte)'\b' => "\\b"u8,
                (byte)'\f' => "\\f"u8,
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                (byte)'\t' => "\\t"u8,
                _ => default,
            };
            if (!escape.IsEmpty)
            {
                target.Write(escape);
            }
            else if (c < 0x20)
            {
                target.Write("\\u00"u8);
                target.WriteByte((byte)('0' + (c >> 4)));
                target.WriteByte((byte)"0123456789abcdef"[c & 15]);
            }
            else
            {
                target.WriteByte(c);
            }
        }

        target.WriteByte((byte)'"');
    }

    private static void Indent(ByteWriter target, int level)
    {
        for (int i = 0; i < level; i++)
            target.Write("  "u8);
    }

    private static void WriteDouble(double value, ByteWriter target)
    {
        Span<byte> text = stackalloc byte[NumberText.LengthMax];
        int length = NumberText.Format(value, text);
        target.Write(text[..length]);
        if (text[..length].IndexOfAny((byte)'.', (byte)'e') < 0)
            target.Write(".0"u8);
    }
}
