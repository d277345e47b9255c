using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;

namespace P2PDB.Engine.Apply.Registers;

/// <summary>The stamps of registers, whose parts the catalog keeps.</summary>
internal static class RegisterStamps
{
    /// <summary>The stamp of the operation that wrote a register.</summary>
    public static Stamp Stamp(this CellRegister register) => new(register.Hlc, register.Chain, register.Op);
}
