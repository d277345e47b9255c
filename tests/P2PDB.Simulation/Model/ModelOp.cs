using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;

namespace P2PDB.Simulation.Model;

/// <summary>One operation, put together from its chunks, at its place in the total order.</summary>
/// <param name="Entry">The entry that holds it, or the last piece of it.</param>
/// <param name="Index">Its index there.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Table">The table of a row operation.</param>
/// <param name="Columns">The columns of the directory's table, of a row operation.</param>
/// <param name="Payload">All of its payload.</param>
internal sealed record ModelOp(
    ModelEntry Entry, int Index, OpKind Kind, TableId Table, StoredColumn[] Columns, byte[] Payload);
