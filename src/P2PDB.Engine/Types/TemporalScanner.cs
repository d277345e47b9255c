namespace P2PDB.Engine.Types;

// Steps over the characters of a temporal literal.
internal ref struct TemporalScanner(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly byte Peek() => _rest.IsEmpty ? (byte)0 : _rest[0];

    public readonly int CountDigits()
    {
        int count = 0;
        while (count < _rest.Length && char.IsAsciiDigit((char)_rest[count]))
            count++;
        return count;
    }

    /// <summary>Reads at most <paramref name="count"/> digits.</summary>
    public int ReadDigits(int count)
    {
        int value = 0;
        while (count-- > 0 && !_rest.IsEmpty && char.IsAsciiDigit((char)_rest[0]))
        {
            value = (value * 10) + _rest[0] - '0';
            _rest = _rest[1..];
        }

        return value;
    }

    /// <summary>Reads a run of digits, large ones as a number beyond every range.</summary>
    public bool TryReadNumber(out long value)
    {
        value = 0;
        int count = CountDigits();
        for (int i = 0; i < count; i++)
            value = Math.Min(100_000_000_000, (value * 10) + _rest[i] - '0');
        _rest = _rest[count..];
        return count > 0;
    }

    public bool TryTake(byte expected)
    {
        if (_rest.IsEmpty || _rest[0] != expected)
            return false;
        _rest = _rest[1..];
        return true;
    }

    public bool SkipBlanks()
    {
        _rest = _rest.TrimStart((byte)' ');
        return true;
    }

    /// <summary>Takes T or blanks when a digit follows.</summary>
    public bool TryTakeTimeMark()
    {
        ReadOnlySpan<byte> after = _rest;
        if (!after.IsEmpty && after[0] == 'T')
            after = after[1..];
        else
            after = after.TrimStart((byte)' ');
        if (after.Length == _rest.Length || after.IsEmpty || !char.IsAsciiDigit((char)after[0]))
            return false;
        _rest = after;
        return true;
    }

    /// <summary>Takes one punctuation character, whichever, when a digit follows.</summary>
    public bool TryTakePunctuation()
    {
        if (_rest.Length < 2 || !char.IsPunctuation((char)_rest[0]) && !char.IsSymbol((char)_rest[0])
            || !char.IsAsciiDigit((char)_rest[1]))
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>Takes the divider of times; a point before the seconds is left to be a fraction.</summary>
    public bool TryTakeTimePunctuation() => Peek() is not (byte)'.' and not (byte)'+' and not (byte)'-' && TryTakePunctuation();

    /// <summary>Reads .digits as microseconds; returns 1 when a seventh digit rounds them up.</summary>
    public int ReadFraction(out int microseconds)
    {
        microseconds = 0;
        if (!TryTake((byte)'.'))
            return 0;
        int count = CountDigits();
        for (int i = 0; i < 6; i++)
            microseconds = (microseconds * 10) + (i < count ? _rest[i] - '0' : 0);
        int roundUp = count > 6 && _rest[6] >= '5' ? 1 : 0;
        _rest = _rest[count..];
        return roundUp;
    }

    /// <summary>Reads Z or [+-]hh:mm.</summary>
    public bool TryReadOffset(out long microseconds)
    {
        microseconds = 0;
        if (_rest.Length == 1 && _rest[0] == 'Z')
        {
            _rest = default;
            return true;
        }

        if (_rest.Length != 6 || _rest[0] is not ((byte)'+' or (byte)'-') || _rest[3] != ':')
            return false;
        bool isNegative = _rest[0] == '-';
        var digits = new TemporalScanner(_rest[1..]);
        if (digits.CountDigits() != 2)
            return false;
        int minutes = digits.ReadDigits(2) * 60;
        digits.TryTake((byte)':');
        if (digits.CountDigits() != 2)
            return false;
        minutes += digits.ReadDigits(2);
        if (minutes > 14 * 60)
            return false;
        microseconds = (isNegative ? -60_000_000L : 60_000_000L) * minutes;
        _rest = default;
        return true;
    }
}
