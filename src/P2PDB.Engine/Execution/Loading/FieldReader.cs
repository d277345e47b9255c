// THE TEXT OF LOAD DATA, as MySQL's manual defines it (LOAD DATA Statement, Field and Line Handling)
//
//   file    lines; the last one may lack its terminator
//   line    [anything, then LINES STARTING BY] fields, each but the last followed by FIELDS TERMINATED BY, then LINES TERMINATED BY
//   field   bytes in which escape + byte stands for a byte: 0 b n r t Z for NUL, backspace, LF, CR, tab and 0x1A, others for themselves;
//           or the same between enclosures, where a doubled enclosure stands for one and terminators are bytes like others. An
//           enclosure ends a field only before a terminator or the end of the file
//   NULL    escape + N and nothing else; where enclosures are in use, also NULL without them
//
// INVARIANT: 0 ≤ _start ≤ _scan ≤ _end ≤ buffer length. From _start on nothing is thrown away; what of the field at hand lies before
// it is in _decoded.
using System.Buffers;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Loading;

/// <summary>
/// Cuts a stream of bytes into lines and fields. Holds one field at a time, however long the file is. What the bytes are makes no
/// error, but a field that is too long does. The stream stays the caller's.
/// </summary>
internal sealed class FieldReader : IDisposable
{
    private const int BufferLength = 64 << 10;

    private readonly Stream _source;
    private readonly LoadFormat _format;
    private readonly long _fieldLengthMax;
    private readonly SearchValues<byte> _plainStops;
    private readonly SearchValues<byte> _enclosedStops;
    private readonly SearchValues<byte> _lineStops;
    private readonly ByteWriter _decoded = new();
    private byte[] _buffer;
    private int _start;
    private int _scan;
    private int _end;
    private bool _isDecoded;
    private bool _hasEscapedN;
    private bool _isAtLineStart;
    private bool _isLineEnded;
    private bool _isSourceEnded;
    private bool _isEnded;

    /// <summary>Reads a stream; <paramref name="fieldLengthMax"/> is the longest field in bytes.</summary>
    public FieldReader(Stream source, LoadFormat format, long fieldLengthMax, int bufferLength = BufferLength)
    {
        _source = source;
        _format = format;
        _fieldLengthMax = fieldLengthMax;
        _buffer = ArrayPool<byte>.Shared.Rent(bufferLength);
        _isAtLineStart = format.LineStart.Length > 0;
        int line = format.LineTerminator is [byte first, ..] ? first : LoadFormat.None;
        _plainStops = Stops(format.Escape, format.FieldTerminator[0], line);
        _enclosedStops = Stops(format.Escape, format.Enclosure, LoadFormat.None);
        _lineStops = Stops(format.Escape, line, LoadFormat.None);
    }

    /// <summary>True where the last <see cref="NextLine"/> passed over bytes of the line before.</summary>
    public bool WasLineCut { get; private set; }

    /// <summary>
    /// Reads the next field of the line; false where the line has none. The field is valid until the next call. Error 1153 for one
    /// that is too long.
    /// </summary>
    public bool TryReadField(out ReadOnlySpan<byte> field, out bool isNull)
    {
        field = default;
        isNull = false;
        if (_isLineEnded)
            return false;
        _isDecoded = false;
        _hasEscapedN = false;
        _start = _scan;
        if ((_isAtLineStart && !SkipToPrefix()) || !HasAt(0))
        {
            _isLineEnded = _isEnded = true;
            return false;
        }

        bool wasEnclosed = false;
        field = _buffer[_scan] == _format.Enclosure ? ReadEnclosed(out wasEnclosed) : ReadPlain();
        isNull = (_hasEscapedN && field.Length == 1)
            || (!wasEnclosed && _format.Enclosure != LoadFormat.None && field.SequenceEqual("NULL"u8));
        return true;
    }

    /// <summary>Goes to the beginning of the next line; false at the end of the file.</summary>
    public bool NextLine()
    {
        WasLineCut = false;
        _isAtLineStart = _format.LineStart.Length > 0;
        if (_isLineEnded || _isEnded)
        {
            _isLineEnded = false;
            return !_isEnded;
        }

        while (_format.LineTerminator.Length > 0)
        {
            if (!SkipToStop())
            {
                _isEnded = true;
                return false;
            }

            if (_buffer[_scan] != _format.Escape && Matches(0, _format.LineTerminator))
            {
                _scan += _format.LineTerminator.Length;
                return true;
            }

            WasLineCut = true;
            int passed = _buffer[_scan] == _format.Escape && HasAt(1) ? 2 : 1;
            _scan += passed;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _scan = _end = 0;
        _decoded.Dispose();
    }

    private static SearchValues<byte> Stops(int first, int second, int third)
    {
        Span<byte> stops = stackalloc byte[3];
        int count = 0;
        foreach (int stop in (ReadOnlySpan<int>)[first, second, third])
        {
            if (stop != LoadFormat.None)
                stops[count++] = (byte)stop;
        }

        return SearchValues.Create(stops[..count]);
    }

    private ReadOnlySpan<byte> ReadPlain()
    {
        while (FindStop(_plainStops))
        {
            if (_buffer[_scan] == _format.Escape && TryUnescape())
                continue;
            if (_format.LineTerminator.Length > 0 && Matches(0, _format.LineTerminator))
                return EndField(0, _format.LineTerminator.Length, endsLine: true);
            if (Matches(0, _format.FieldTerminator))
                return EndField(0, _format.FieldTerminator.Length, endsLine: false);
            _scan++;
        }

        return EndFile();
    }

    private ReadOnlySpan<byte> ReadEnclosed(out bool wasEnclosed)
    {
        _scan++;   // the opening enclosure stays in the field until the closing one is there
        wasEnclosed = true;
        while (FindStop(_enclosedStops))
        {
            if (_buffer[_scan] == _format.Escape && TryUnescape())
                continue;
            if (_buffer[_scan] != _format.Enclosure)
            {
                _scan++;
                continue;
            }

            if (!HasAt(1))
                return EndField(1, 0, endsLine: true)[1..];
            if (_buffer[_scan + 1] == _format.Enclosure)
            {
                _scan++;
                KeepDecoded();
                _start = ++_scan;
                continue;
            }

            if (_format.LineTerminator.Length > 0 && Matches(1, _format.LineTerminator))
                return EndField(1, _format.LineTerminator.Length, endsLine: true)[1..];
            if (Matches(1, _format.FieldTerminator))
                return EndField(1, _format.FieldTerminator.Length, endsLine: false)[1..];
            _scan++;
        }

        wasEnclosed = false;
        return EndFile();
    }

    /// <summary>
    /// Takes the escape that stands here with the byte behind it; false where it is a byte like others: the file's last, or an enclosure
    /// that is not doubled.
    /// </summary>
    private bool TryUnescape()
    {
        if (!HasAt(1) || (_format.Escape == _format.Enclosure && _buffer[_scan + 1] != _format.Escape))
            return false;
        KeepDecoded();
        byte escaped = _buffer[_scan + 1];
        _hasEscapedN |= escaped == (byte)'N';
        _decoded.WriteByte(escaped switch
        {
            (byte)'0' => 0,
            (byte)'b' => (byte)'\b',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'Z' => 0x1A,
            _ => escaped,
        });
        _scan += 2;
        _start = _scan;
        return true;
    }

    /// <summary>Ends the field before the terminator, which lies behind <paramref name="closing"/> bytes of enclosure.</summary>
    private ReadOnlySpan<byte> EndField(int closing, int terminatorLength, bool endsLine)
    {
        ReadOnlySpan<byte> field = TakeField();
        _scan += closing + terminatorLength;
        _isLineEnded = endsLine;
        return field;
    }

    private ReadOnlySpan<byte> EndFile()
    {
        _isLineEnded = _isEnded = true;
        return TakeField();
    }

    private ReadOnlySpan<byte> TakeField()
    {
        if (_isDecoded)
        {
            KeepDecoded();
            return _decoded.Written;
        }

        CheckLength();
        return _buffer.AsSpan(_start, _scan - _start);
    }

    private void KeepDecoded()
    {
        if (!_isDecoded)
            _decoded.Clear();
        _isDecoded = true;
        CheckLength();
        _decoded.Write(_buffer.AsSpan(_start, _scan - _start));
    }

    /// <summary>Skips what lies before LINES STARTING BY, and that itself; false where the file has it no more.</summary>
    private bool SkipToPrefix()
    {
        _isAtLineStart = false;
        while (HasAt(0))
        {
            int found = _buffer.AsSpan(_scan, _end - _scan).IndexOf(_format.LineStart[0]);
            _start = _scan = found < 0 ? _end : _scan + found;
            if (found < 0)
                continue;
            if (Matches(0, _format.LineStart))
            {
                _start = _scan += _format.LineStart.Length;
                return true;
            }

            _scan++;
        }

        return false;
    }

    /// <summary>Moves on to the next stop; false at the end of the file, with all of it scanned.</summary>
    private bool FindStop(SearchValues<byte> stops)
    {
        while (true)
        {
            int found = _buffer.AsSpan(_scan, _end - _scan).IndexOfAny(stops);
            if (found >= 0)
            {
                _scan += found;
                return true;
            }

            _scan = _end;
            if (!Fill())
                return false;
        }
    }

    /// <summary>Passes over bytes of a line up to what may end it; false at the end of the file.</summary>
    private bool SkipToStop()
    {
        while (true)
        {
            int found = _buffer.AsSpan(_scan, _end - _scan).IndexOfAny(_lineStops);
            WasLineCut |= found != 0 && _scan < _end;
            _start = _scan = found < 0 ? _end : _scan + found;
            if (found >= 0)
                return true;
            if (!Fill())
                return false;
        }
    }

    private bool Matches(int offset, byte[] terminator)
    {
        if (terminator.Length == 1)
            return _buffer[_scan + offset] == terminator[0];
        return HasAt(offset + terminator.Length - 1) && _buffer.AsSpan(_scan + offset, terminator.Length).SequenceEqual(terminator);
    }

    /// <summary>True where there is a byte <paramref name="offset"/> behind the scan; reads on for it.</summary>
    private bool HasAt(int offset)
    {
        while (_end - _scan <= offset)
        {
            if (!Fill())
                return false;
        }

        return true;
    }

    private bool Fill()
    {
        if (_isSourceEnded)
            return false;
        if (_end == _buffer.Length)
            MakeRoom();
        int count = _source.Read(_buffer, _end, _buffer.Length - _end);
        _isSourceEnded = count == 0;
        _end += count;
        return count > 0;
    }

    private void MakeRoom()
    {
        int held = _end - _start;
        byte[] target = _buffer;
        if (held > _buffer.Length / 2)
        {
            CheckLength();
            target = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
        }

        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        if (target != _buffer)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = target;
        _scan -= _start;
        _end = held;
        _start = 0;
    }

    private void CheckLength()
    {
        long length = _scan - _start + (_isDecoded ? _decoded.Length : 0);
        if (length > _fieldLengthMax)
            throw SqlErrors.PacketTooLarge().ToException();
    }
}
