using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Direct;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary>
/// One row of a table where it lies; columns go by their ordinals. Reading a column by a method that its type does not have, and NULL as a value, is error
/// 1210. What a span shows is valid as long as the row.
/// </summary>
public readonly ref struct RowReader
{
    private readonly BoundTable _table;
    private readonly RowView _row;

    internal RowReader(BoundTable table, RowView row)
    {
        _table = table;
        _row = row;
    }

    /// <summary>True where the column is NULL.</summary>
    public bool IsNull(int column)
    {
        _table.Access(column);
        ReadOnlySpan<byte> image = Locate(column, out _, out int position);
        return RowLayout.IsNull(image, position);
    }

    /// <summary>An integer, BIT or YEAR, or the number of an ENUM's member; error 1264 where it takes 64 bits without a sign.</summary>
    public long GetInt64(int column)
    {
        ColumnAccess access = _table.Access(column);
        long value = Number(nameof(GetInt64), column, access is ColumnAccess.Signed or ColumnAccess.Unsigned or ColumnAccess.Members);
        return value >= 0 || access == ColumnAccess.Signed ? value : throw SqlErrors.OutOfRangeColumn(NameOf(column), 1).ToException();
    }

    /// <summary>An unsigned integer, BIT or YEAR, the number of an ENUM's member, or a SET's bits.</summary>
    public ulong GetUInt64(int column)
    {
        bool isRight = _table.Access(column) is ColumnAccess.Unsigned or ColumnAccess.Members;
        return unchecked((ulong)Number(nameof(GetUInt64), column, isRight));
    }

    /// <summary>A FLOAT or DOUBLE.</summary>
    public double GetDouble(int column)
    {
        ReadOnlySpan<byte> image = Find(nameof(GetDouble), column, _table.Access(column) == ColumnAccess.Double, out RowLayout layout, out int position);
        return layout.GetDouble(image, position);
    }

    /// <summary>A DECIMAL.</summary>
    public SqlDecimal GetDecimal(int column)
    {
        ReadOnlySpan<byte> image = Find(nameof(GetDecimal), column, _table.Access(column) == ColumnAccess.Decimal, out RowLayout layout, out int position);
        return layout.GetDecimal(image, position);
    }

    /// <summary>A string of characters, as UTF-8, or of bytes, or a JSON document's text; not copied.</summary>
    public ReadOnlySpan<byte> GetBytes(int column)
    {
        bool isRight = _table.Access(column) is ColumnAccess.Text or ColumnAccess.Binary;
        ReadOnlySpan<byte> image = Find(nameof(GetBytes), column, isRight, out RowLayout layout, out int position);
        return layout.GetBytes(image, position);
    }

    /// <summary>
    /// A value of any type as SQL shows it, in UTF-8. Strings are not copied; other types are formatted, and the text is valid until the next such call on the
    /// table.
    /// </summary>
    public ReadOnlySpan<byte> GetText(int column)
    {
        ReadOnlySpan<byte> image = Find(nameof(GetText), column, true, out RowLayout layout, out int position);
        return _table.Access(column) is ColumnAccess.Text or ColumnAccess.Binary ? layout.GetBytes(image, position) : _table.Format(_row, column);
    }

    /// <summary>A DATE, DATETIME, or TIMESTAMP in the session's zone.</summary>
    public TemporalValue GetDateTime(int column)
    {
        ColumnAccess access = _table.Access(column);
        long value = Number(nameof(GetDateTime), column, access is ColumnAccess.DateTime or ColumnAccess.Timestamp);
        return access == ColumnAccess.Timestamp ? _table.Context.Evaluation.TimeZone.ToLocal(value) : new TemporalValue(value);
    }

    /// <summary>A TIME.</summary>
    public TimeSpan GetTime(int column) =>
        new(Number(nameof(GetTime), column, _table.Access(column) == ColumnAccess.Time) * TimeSpan.TicksPerMicrosecond);

    private long Number(string function, int column, bool isRight)
    {
        ReadOnlySpan<byte> image = Find(function, column, isRight, out RowLayout layout, out int position);
        return layout.GetInt64(image, position);
    }

    private ReadOnlySpan<byte> Find(string function, int column, bool isRight, out RowLayout layout, out int position)
    {
        ReadOnlySpan<byte> image = Locate(column, out layout, out position);
        return isRight && !RowLayout.IsNull(image, position) ? image : throw Refusal(function, column, isRight);
    }

    private SqlException Refusal(string function, int column, bool isRight) => (isRight
        ? DirectErrors.IsNull(function, NameOf(column))
        : DirectErrors.WrongType(function, NameOf(column), _table.Table.Columns[column].Type)).ToException();

    private ReadOnlySpan<byte> Locate(int column, out RowLayout layout, out int position)
    {
        if (_row.TryLocate(column, out layout, out ReadOnlySpan<byte> image, out position))
            return image;
        ColumnSchema schema = _table.Table.Columns[column];
        layout = schema.FillLayout;
        position = 0;
        return _table.Convert(_row, column);
    }

    private string NameOf(int column) => _table.Table.Columns[column].Name;
}
