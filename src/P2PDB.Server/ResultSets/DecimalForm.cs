using P2PDB.Engine.Types;

namespace P2PDB.Server.ResultSets;

/// <summary>DECIMAL values as clients get them, in text and binary rows alike.</summary>
internal static class DecimalForm
{
    /// <summary>Writes the value with the digits after the point that its column has; returns the length.</summary>
    public static int Format(Span<byte> target, in ColumnForm form, in SqlDecimal value) =>
        value.Scale == form.Type.Scale ? value.Format(target) : value.Round(form.Type.Scale).Format(target);
}
