using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>One value, NULL or not, apart from the row it was written in.</summary>
/// <param name="Form">The column, and the form of the value.</param>
/// <param name="Image">A row image of this one column.</param>
internal readonly record struct CellValue(StoredColumn Form, byte[] Image)
{
    /// <summary>True for NULL.</summary>
    public bool IsNull => RowLayout.IsNull(Image, 0);

    /// <summary>NULL in a form.</summary>
    public static CellValue Null(StoredColumn form)
    {
        using ByteWriter target = new();
        new RowImageWriter(LayoutFactory.Create(form), target).Finish();
        return new CellValue(form, target.Written.ToArray());
    }

    /// <summary>A text in the form of strings.</summary>
    public static CellValue OfText(StoredColumn form, ReadOnlySpan<byte> text)
    {
        using ByteWriter target = new();
        RowImageWriter writer = new(LayoutFactory.Create(form), target);
        writer.SetBytes(0, text);
        writer.Finish();
        return new CellValue(form, target.Written.ToArray());
    }

    /// <summary>The layout of <see cref="Image"/>.</summary>
    public RowLayout Layout => LayoutFactory.Create(Form);

    /// <summary>The bytes of the value as they lie in the image.</summary>
    public ReadOnlySpan<byte> Bytes => Layout.IsVariable(0) ? Layout.GetBytes(Image, 0) : Layout.GetFixed(Image, 0);
}
