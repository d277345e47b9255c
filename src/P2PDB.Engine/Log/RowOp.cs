namespace P2PDB.Engine.Log;

/// <summary>The parts of a row operation's payload; they lie in it.</summary>
/// <param name="key">The memcomparable primary key.</param>
/// <param name="columns">Of an update: bit i says that the image holds column i of the directory.</param>
/// <param name="marks">How columns merge that are not plain registers; empty where all are.</param>
/// <param name="marksVersion">Version of the marks.</param>
/// <param name="image">Of an insert: all columns of the directory. Of an update: those of the bitmap.</param>
internal readonly ref struct RowOp(
    ReadOnlySpan<byte> key, ReadOnlySpan<byte> columns, ReadOnlySpan<byte> marks, int marksVersion, ReadOnlySpan<byte> image)
{
    /// <summary>The memcomparable primary key.</summary>
    public ReadOnlySpan<byte> Key { get; } = key;

    /// <summary>Of an update: bit i says that the image holds column i of the directory.</summary>
    public ReadOnlySpan<byte> Columns { get; } = columns;

    /// <summary>How columns merge that are not plain registers, encoded; empty where all are.</summary>
    public ReadOnlySpan<byte> Marks { get; } = marks;

    /// <summary>Version of <see cref="Marks"/>.</summary>
    public int MarksVersion { get; } = marksVersion;

    /// <summary>The row image.</summary>
    public ReadOnlySpan<byte> Image { get; } = image;
}
