using System.Collections.Concurrent;

namespace P2PDB.Engine.Execution;

/// <summary>The procedures behind CALL p2pdb.*. Whoever owns a part of the node adds its own when the node opens.</summary>
internal sealed class BuiltInProcedures
{
    private readonly ConcurrentDictionary<string, BuiltInProcedure> _procedures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All procedures.</summary>
    public ICollection<BuiltInProcedure> All => _procedures.Values;

    /// <summary>Adds or replaces a procedure.</summary>
    public void Add(BuiltInProcedure procedure) => _procedures[procedure.Name] = procedure;

    /// <summary>The procedure of a name, or null.</summary>
    public BuiltInProcedure? Find(string name) => _procedures.GetValueOrDefault(name);
}
