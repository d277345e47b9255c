using System.Globalization;
using System.Text;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>Rows that the node makes up, as plain objects: text, integers, doubles, or null. Few and short-lived.</summary>
internal sealed class VirtualRows(int columnCount)
{
    private readonly List<object?[]> _rows = [];

    /// <summary>Number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Adds a row; columns that are missing at the end are NULL.</summary>
    public void Add(params object?[] values)
    {
        if (values.Length < columnCount)
            Array.Resize(ref values, columnCount);
        _rows.Add(values);
    }

    /// <summary>A value.</summary>
    public object? this[int row, int column] => _rows[row][column];

    /// <summary>Orders the rows by the text of a column.</summary>
    public void SortByText(int column) =>
        _rows.Sort((left, right) => string.CompareOrdinal(left[column]?.ToString(), right[column]?.ToString()));

    /// <summary>Writes a value to a row of a vector, converted to the vector's type.</summary>
    public static void Write(EvaluationContext context, object? value, ColumnVector target, int row)
    {
        switch (value)
        {
            case null:
                target.SetNull(row);
                break;
            case string text when target.Physical == PhysicalKind.Bytes:
                target.SetBytes(row, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes when target.Physical == PhysicalKind.Bytes:
                target.SetBytes(row, bytes);
                break;
            case double number when target.Physical == PhysicalKind.Double:
                target.SetDouble(row, number);
                break;
            case string or byte[] or double:
                SqlValue given = value is byte[] raw ? SqlValue.FromText(raw) : SqlValue.FromText(
                    Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                ColumnVector scratch = context.Rent(given.Type);
                given.CopyTo(scratch, 0);
                Conversion.Convert(context, scratch, 0, target, row);
                context.Return();
                break;
            default:
                WriteInteger(value, target, row);
                break;
        }
    }

    private static void WriteInteger(object value, ColumnVector target, int row)
    {
        long number = value is ulong unsigned ? (long)unsigned : Convert.ToInt64(value, CultureInfo.InvariantCulture);
        if (target.Physical == PhysicalKind.Int64)
            target.SetInt64(row, number);
        else
            target.SetBytes(row, Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
    }
}
