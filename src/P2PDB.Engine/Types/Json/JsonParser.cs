using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Types.Json;

/// <summary>Reads JSON text (RFC 8259). Bad text gives a reason and a position, never an exception.</summary>
internal ref struct JsonParser
{
    private readonly ReadOnlySpan<byte> _text;
    private int _at;
    private string? _reason;

    private JsonParser(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>Reads a whole document; false with MySQL's reason and the byte position.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out JsonItem item, out string reason, out int position)
    {
        var parser = new JsonParser(text);
        parser.SkipBlanks();
        item = null!;
        if (parser._at == text.Length)
        {
            parser._reason = "The document is empty.";
        }
        else if (!Utf8.IsValid(text))
        {
            parser._reason = "Invalid encoding in string.";
        }
        else if (parser.TryReadValue(JsonItem.DepthMax, out item))
        {
            parser.SkipBlanks();
            if (parser._at != text.Length)
                parser._reason = "The document root must not be followed by other values.";
        }

        reason = parser._reason ?? "";
        position = parser._at;
        return parser._reason is null;
    }

    /// <summary>Finds the elements of a whole document that is an array, where their texts are; false where it is no array or no JSON.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, List<Range> elements)
    {
        elements.Clear();
        var parser = new JsonParser(text);
        parser.SkipBlanks();
        if (!parser.TryTake((byte)'[') || !Utf8.IsValid(text))
            return false;
        parser.SkipBlanks();
        if (!parser.TryTake((byte)']'))
        {
            do
            {
                parser.SkipBlanks();
                int start = parser._at;
                if (!parser.TryReadValue(JsonItem.DepthMax - 1, out _))
                    return false;
                elements.Add(start..parser._at);
                parser.SkipBlanks();
            }
            while (parser.TryTake((byte)','));
            if (!parser.TryTake((byte)']'))
                return false;
        }

        parser.SkipBlanks();
        return parser._at == text.Length;
    }

    private bool TryReadValue(int depth, out JsonItem item)
    {
        item = null!;
        if (_at >= _text.Length)
            return Fail("Invalid value.");
        switch (_text[_at])
        {
            case (byte)'{':
                return TryReadObject(depth, out item);
            case (byte)'[':
                return TryReadArray(depth, out item);
            case (byte)'"':
                if (!TryReadString(out byte[] text))
                    return false;
                item = JsonItem.OfText(text);
                return true;
            case (byte)'t':
                item = JsonItem.FromBoolean(true);
                return TryTakeWord("true"u8);
            case (byte)'f':
                item = JsonItem.FromBoolean(false);
                return TryTakeWord("false"u8);
            case (byte)'n':
                item = JsonItem.Null();
                return TryTakeWord("null"u8);
            default:
                return TryReadNumber(out item);
        }
    }

    private bool TryReadObject(int depth, out JsonItem item)
    {
        item = null!;
        if (depth == 0)
            return Fail("The JSON document exceeds the maximum depth.");
        _at++;
        SkipBlanks();
        if (TryTake((byte)'}'))
        {
            item = JsonItem.NewObject();
            return true;
        }

        List<KeyValuePair<byte[], JsonItem>> members = [];
        while (true)
        {
            SkipBlanks();
            if (_at >= _text.Length || _text[_at] != '"')
                return Fail("Missing a name for object member.");
            if (!TryReadString(out byte[] key))
                return false;
            SkipBlanks();
            if (!TryTake((byte)':'))
                return Fail("Missing a colon after a name of object member.");
            SkipBlanks();
            if (!TryReadValue(depth - 1, out JsonItem value))
                return false;
            members.Add(new(key, value));
            SkipBlanks();
            if (TryTake((byte)'}'))
            {
                item = JsonItem.OfMembers(members);
                return true;
            }

            if (!TryTake((byte)','))
                return Fail("Missing a comma or } after an object member.");
        }
    }

    private bool TryReadArray(int depth, out JsonItem item)
    {
        item = JsonItem.NewArray();
        if (depth == 0)
            return Fail("The JSON document exceeds the maximum depth.");
        _at++;
        SkipBlanks();
        if (TryTake((byte)']'))
            return true;
        while (true)
        {
            SkipBlanks();
            if (!TryReadValue(depth - 1, out JsonItem value))
                return false;
            item.Elements.Add(value);
            SkipBlanks();
            if (TryTake((byte)']'))
                return true;
            if (!TryTake((byte)','))
                return Fail("Missing a comma or ] after an array element.");
        }
    }

    private bool TryReadString(out byte[] text)
    {
        text = [];
        int start = ++_at;
        int end = _text[start..].IndexOfAny((byte)'"', (byte)'\\');
        if (end >= 0 && _text[start + end] == '"' && !HasControl(_text.Slice(start, end)))
        {
            text = _text.Slice(start, end).ToArray();
            _at = start + end + 1;
            return true;
        }

        using var unescaped = new ByteWriter();
        while (_at < _text.Length)
        {
            byte c = _text[_at++];
            if (c == '"')
            {
                text = unescaped.Written.ToArray();
                return true;
            }

            if (c < 0x20)
            {
                _at--;
                return Fail("Invalid encoding in string.");
            }

            if (c != '\\')
                unescaped.WriteByte(c);
            else if (!TryReadEscape(unescaped))
                return false;
        }

        return Fail("Missing a closing quotation mark in string.");
    }

    private bool TryReadEscape(ByteWriter target)
    {
        byte c = _at < _text.Length ? _text[_at++] : (byte)0;
        switch (c)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/': target.WriteByte(c); return true;
            case (byte)'b': target.WriteByte(8); return true;
            case (byte)'f': target.WriteByte(12); return true;
            case (byte)'n': target.WriteByte(10); return true;
            case (byte)'r': target.WriteByte(13); return true;
            case (byte)'t': target.WriteByte(9); return true;
            case (byte)'u': break;
            default: return Fail("Invalid escape character in string.");
        }

        if (!TryReadHex(out int point))
            return Fail("Incorrect hex digit after \\u escape in string.");
        if (point is >= 0xDC00 and <= 0xDFFF)
            return Fail("The surrogate pair in string is invalid.");
        if (point is >= 0xD800 and <= 0xDBFF)
        {
            if (!_text[_at..].StartsWith("\\u"u8))
                return Fail("The surrogate pair in string is invalid.");
            _at += 2;
            if (!TryReadHex(out int low) || low is < 0xDC00 or > 0xDFFF)
                return Fail("The surrogate pair in string is invalid.");
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        }

        target.Advance(Utf8.Encode(point, target.GetSpan(4)));
        return true;
    }

    private bool TryReadHex(out int value)
    {
        value = 0;
        for (int i = 0; i < 4; i++)
        {
            if (_at >= _text.Length || !char.IsAsciiHexDigit((char)_text[_at]))
                return false;
            int digit = _text[_at++];
            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return true;
    }

    private bool TryReadNumber(out JsonItem item)
    {
        item = null!;
        int start = _at, at = _at;
        if (at < _text.Length && _text[at] == '-')
            at++;
        int digits = CountDigits(ref at);
        if (digits == 0)
            return Fail("Invalid value.");
        if (digits > 1 && _text[at - digits] == '0')
        {
            _at = at - digits + 1;
            item = JsonItem.FromInt64(0);
            return true;
        }

        bool isInteger = true;
        if (at < _text.Length && _text[at] == '.')
        {
            at++;
            isInteger = false;
            if (CountDigits(ref at) == 0)
                return Fail("Miss fraction part in number.");
        }

        if (at < _text.Length && (_text[at] | 0x20) == 'e')
        {
            at++;
            isInteger = false;
            if (at < _text.Length && _text[at] is (byte)'-' or (byte)'+')
                at++;
            if (CountDigits(ref at) == 0)
                return Fail("Miss exponent in number.");
        }

        ReadOnlySpan<byte> number = _text[start..at];
        if (isInteger)
        {
            long value = NumberText.ParseInteger(number, out bool isUnsigned, out _, out bool isOverflow);
            if (!isOverflow)
            {
                _at = at;
                item = JsonItem.FromInt64(value, isUnsigned);
                return true;
            }
        }

        double real = NumberText.ParseDouble(number, out _);
        if (Math.Abs(real) >= double.MaxValue)
            return Fail("Number too big to be stored in double.");
        _at = at;
        item = JsonItem.FromDouble(real);
        return true;
    }

    private readonly int CountDigits(ref int at)
    {
        int start = at;
        while (at < _text.Length && char.IsAsciiDigit((char)_text[at]))
            at++;
        return at - start;
    }

    private static bool HasControl(ReadOnlySpan<byte> text) => text.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0;

    private bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        if (!_text[_at..].StartsWith(word))
            return Fail("Invalid value.");
        _at += word.Length;
        return true;
    }

    private bool TryTake(byte expected)
    {
        if (_at >= _text.Length || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && (_text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            _at++;
    }

    private bool Fail(string reason)
    {
        _reason ??= reason;
        return false;
    }
}
