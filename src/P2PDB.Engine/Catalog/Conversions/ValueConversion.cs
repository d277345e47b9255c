using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Conversions;

/// <summary>
/// Reads a value that was stored under a former type as one of the present type: what ALTER TABLE would have made of it where
/// sql_mode is empty, thus the nearest value where it does not fit. It asks for no session, so that keys and rows are the same on
/// every node: TIMESTAMPs count in UTC, a TIME is one of the day of the change. Immutable; any thread.
/// </summary>
internal sealed class ValueConversion
{
    /// <summary>TIMESTAMPs end in 2038; read as DATETIMEs, all numbers below are of the years 0 to 2, which DATETIME does not have.</summary>
    private const long TimestampEnd = 2_147_483_648L * 1_000_000;

    [ThreadStatic]
    private static ConversionScratch? _scratch;

    private readonly SqlType _source;
    private readonly SqlType? _timestamp;
    private readonly SqlType _target;
    private readonly ColumnAssignment _assignment;
    private readonly long _changedMicroseconds;

    /// <summary>
    /// Converts from <paramref name="source"/> to <paramref name="target"/>. DATETIME and TIMESTAMP share their stored form; a column
    /// that was both names <paramref name="timestamp"/> too. The column's name is for error texts.
    /// </summary>
    public ValueConversion(SqlType source, SqlType? timestamp, SqlType target, long changedMicroseconds, string column = "")
    {
        _source = source;
        _timestamp = timestamp;
        _target = target;
        _assignment = new ColumnAssignment(target, column, isNullable: true);
        _changedMicroseconds = changedMicroseconds;
    }

    /// <summary>Converts a column of an image to a row of a vector of the present type.</summary>
    public void CopyTo(RowLayout layout, ReadOnlySpan<byte> image, int position, ColumnVector target, int row)
    {
        if (RowLayout.IsNull(image, position))
        {
            target.SetNull(row);
            return;
        }

        ConversionScratch scratch = _scratch ??= new ConversionScratch();
        ConversionContext context = scratch.Context;
        context.StatementTimeMicroseconds = _changedMicroseconds;
        ColumnVector value = scratch.Source;
        value.Reset(TypeOf(layout, image, position));
        layout.CopyTo(image, position, value, 0);
        if (!TryAssign(context, value, 0, target, row))
            target.SetNull(row);
        context.Diagnostics.Clear();   // nobody asked for the conversion, so nobody is to be warned
    }

    /// <summary>
    /// Converts a value that is not NULL, as the context wants it: with warnings, or in strict mode errors. False, and nothing set,
    /// for what is no JSON text where JSON is wanted: that alone has no nearest value.
    /// </summary>
    public bool TryAssign(ConversionContext context, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        ConversionScratch scratch = _scratch ??= new ConversionScratch();
        if (_target.Kind == SqlTypeKind.Json)
            return TryAssignJson(context, scratch, source, sourceRow, target, row);
        if (TryAdapt(context, scratch.Adapted, source, sourceRow))
            _assignment.Assign(context, scratch.Adapted, 0, target, row);
        else
            _assignment.Assign(context, source, sourceRow, target, row);
        return true;
    }

    /// <summary>The converted value, in row 0 of a vector that is valid until this thread's next conversion.</summary>
    public ColumnVector Convert(RowLayout layout, ReadOnlySpan<byte> image, int position)
    {
        ColumnVector target = (_scratch ??= new ConversionScratch()).Target;
        target.Reset(_target);
        CopyTo(layout, image, position, target, 0);
        return target;
    }

    private SqlType TypeOf(RowLayout layout, ReadOnlySpan<byte> image, int position) =>
        _timestamp is { } timestamp && layout.GetInt64(image, position) < TimestampEnd ? timestamp : _source;

    /// <summary>
    /// Gives <paramref name="adapted"/> the value in the form in which ALTER TABLE hands it on; false where that is the one of an
    /// INSERT … SELECT.
    /// </summary>
    private bool TryAdapt(ConversionContext context, ColumnVector adapted, ColumnVector source, int row)
    {
        SqlTypeKind from = source.Type.Kind;
        if (from == SqlTypeKind.Bit ? !_target.IsNumeric : _target.Kind == SqlTypeKind.Bit && source.Physical == PhysicalKind.Bytes)
        {
            adapted.Reset(SqlType.UnsignedBigInt);
            adapted.SetInt64(0, Conversion.ToInt64(context, source, row, isUnsigned: true));
            return true;
        }

        bool isMember = from is SqlTypeKind.Enum or SqlTypeKind.Set;
        bool isJson = from == SqlTypeKind.Json;
        if (!(isMember && _target.IsTemporal) && !(isJson && (_target.IsNumeric || _target.IsTemporal)))
            return false;
        adapted.Reset(SqlType.LongText());
        adapted.SetBytes(0, isJson ? Conversion.ScalarTextOf(source, row) : Conversion.ToText(context, source, row));
        return true;
    }

    private static bool TryAssignJson(
        ConversionContext context, ConversionScratch scratch, ColumnVector source, int sourceRow, ColumnVector target, int row)
    {
        ByteWriter normalised = scratch.Json;
        normalised.Clear();
        if (source.Type.IsBinaryString
            || !JsonNormalizer.TryNormalize(Conversion.ToText(context, source, sourceRow), normalised, out _, out _))
        {
            return false;
        }

        target.SetBytes(row, normalised.Written);
        return true;
    }

    private sealed class ConversionScratch
    {
        public ConversionContext Context { get; } = new() { Mode = SqlMode.None };

        public ColumnVector Source { get; } = new(default, 1);

        public ColumnVector Adapted { get; } = new(default, 1);

        public ColumnVector Target { get; } = new(default, 1);

        public ByteWriter Json { get; } = new();
    }
}
