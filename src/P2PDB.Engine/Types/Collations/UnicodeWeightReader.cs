namespace P2PDB.Engine.Types.Collations;

// Walks the primary weights of a UTF-8 text, one by one.
internal ref struct UnicodeWeightReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;
    private ReadOnlySpan<ushort> _expansion;
    private int _pending;
    private int _pendingLast;

    /// <summary>The next weight, or -1 at the end.</summary>
    public int Next()
    {
        if (!_expansion.IsEmpty)
        {
            int weight = _expansion[0];
            _expansion = _expansion[1..];
            return weight;
        }

        if (_pending != 0)
        {
            int weight = _pending;
            _pending = _pendingLast;
            _pendingLast = 0;
            return weight;
        }

        while (!_rest.IsEmpty)
        {
            int codePoint = Utf8.Decode(_rest, out int length);
            _rest = _rest[length..];
            uint entry = UnicodeWeights.StartsContraction(codePoint) ? Contract(codePoint) : UnicodeWeights.EntryOf(codePoint);
            if (entry == UnicodeWeights.Ignored)
                continue;
            if (entry == 0)
                return Implicit(codePoint);
            if (entry < 0x80000000)
                return (int)entry;
            _expansion = UnicodeWeights.Expand(entry);
            return Next();
        }

        return -1;
    }

    // The longest contraction wins; the text after the first code point is looked at and taken only on a match.
    private uint Contract(int first)
    {
        if (_rest.IsEmpty)
            return UnicodeWeights.EntryOf(first);
        int second = Utf8.Decode(_rest, out int secondLength);
        ReadOnlySpan<byte> after = _rest[secondLength..];
        if (!after.IsEmpty)
        {
            int third = Utf8.Decode(after, out int thirdLength);
            if (UnicodeWeights.TryContract(first, second, third, out uint triple))
            {
                _rest = after[thirdLength..];
                return triple;
            }
        }

        if (!UnicodeWeights.TryContract(first, second, 0, out uint pair))
            return UnicodeWeights.EntryOf(first);
        _rest = after;
        return pair;
    }

    // Hangul syllables weigh as their letters; ideographs and unassigned code points by UTS #10, section 10.1.3.
    private int Implicit(int codePoint)
    {
        if (codePoint is >= 0xAC00 and <= 0xD7A3)
        {
            int index = codePoint - 0xAC00;
            int vowel = (int)UnicodeWeights.EntryOf(0x1161 + (index % 588 / 28));
            int last = index % 28;
            _pending = vowel;
            _pendingLast = last == 0 ? 0 : (int)UnicodeWeights.EntryOf(0x11A7 + last);
            return (int)UnicodeWeights.EntryOf(0x1100 + (index / 588));
        }

        int lead = codePoint switch
        {
            >= 0x17000 and <= 0x18AFF or >= 0x18D00 and <= 0x18D8F => 0xFB00,
            >= 0x1B170 and <= 0x1B2FF => 0xFB01,
            >= 0x18B00 and <= 0x18CFF => 0xFB02,
            >= 0x4E00 and <= 0x9FFC or >= 0xF900 and <= 0xFAFF => 0xFB40 + (codePoint >> 15),
            >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x3134F => 0xFB80 + (codePoint >> 15),
            _ => 0xFBC0 + (codePoint >> 15),
        };
        int baseOfLead = lead switch { 0xFB00 => 0x17000, 0xFB01 => 0x1B170, 0xFB02 => 0x18B00, _ => 0 };
        _pending = lead <= 0xFB02
            ? (codePoint - baseOfLead) | 0x8000
            : (codePoint & 0x7FFF) | 0x8000;
        return lead;
    }
}
