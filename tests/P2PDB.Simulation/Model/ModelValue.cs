using P2PDB.Engine.Catalog;
using P2PDB.Engine.Types;

namespace P2PDB.Simulation.Model;

/// <summary>A value of the reference model: a column of some operation's image.</summary>
internal sealed record ModelValue(StoredColumn Form, RowLayout Layout, byte[] Image, int Position, int Stamp)
{
    public string Text() => Text(Form, Layout, Image, Position);

    /// <summary>A stored value as text, in the form in which it lies.</summary>
    public static string Text(StoredColumn form, RowLayout layout, ReadOnlySpan<byte> image, int position)
    {
        ReadOnlySpan<byte> bytes = layout.IsVariable(position)
            ? layout.GetBytes(image, position)
            : layout.GetFixed(image, position);
        string value = RowLayout.IsNull(image, position) ? "NULL" : Convert.ToHexStringLower(bytes);
        return $"{form.Id}:{form.Code}.{form.Scale}={value}";
    }
}
