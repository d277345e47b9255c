using System.Collections.Immutable;

namespace P2PDB.Engine.Log;

/// <summary>The families of operations.</summary>
internal static class OpKinds
{
    /// <summary>Bytes of <see cref="Known"/>.</summary>
    public const int SetLength = 32;

    /// <summary>The kinds that this version can apply, a bit for each number a kind can have, the lowest first.</summary>
    public static ImmutableArray<byte> Known { get; } = MakeKnown();

    /// <summary>True for kinds that this version can apply; an entry with any other parks the database.</summary>
    public static bool IsKnown(this OpKind kind) =>
        kind is (>= OpKind.Insert and <= OpKind.MarkedUpdate5)
            or (>= OpKind.Genesis and <= OpKind.DropCheck)
            or (>= OpKind.AuthorCertificate and <= OpKind.Admit)
            or OpKind.Statement;

    /// <summary>True for operations on one row, which name a table of the directory.</summary>
    public static bool IsRow(this OpKind kind) => kind is (>= OpKind.Insert and <= OpKind.Delete) || kind == OpKind.Append || kind.IsMarked();

    /// <summary>True for operations that set all of a row.</summary>
    public static bool IsInsert(this OpKind kind) => kind is OpKind.Insert or OpKind.MarkedInsert
        or OpKind.MarkedInsert2 or OpKind.MarkedInsert3 or OpKind.MarkedInsert4 or OpKind.MarkedInsert5 or OpKind.Append;

    /// <summary>True for operations that set some columns of a row, named by a bitmap.</summary>
    public static bool IsUpdate(this OpKind kind) => kind is OpKind.Update or OpKind.MarkedUpdate
        or OpKind.MarkedUpdate2 or OpKind.MarkedUpdate3 or OpKind.MarkedUpdate4 or OpKind.MarkedUpdate5;

    /// <summary>True for operations that say how columns merge.</summary>
    public static bool IsMarked(this OpKind kind) => kind.MarksVersion() > 0;

    /// <summary>The version of an operation's marks; 0 where it has none.</summary>
    public static int MarksVersion(this OpKind kind) => kind switch
    {
        OpKind.MarkedInsert or OpKind.MarkedUpdate => 1,
        OpKind.MarkedInsert2 or OpKind.MarkedUpdate2 => 2,
        OpKind.MarkedInsert3 or OpKind.MarkedUpdate3 => 3,
        OpKind.MarkedInsert4 or OpKind.MarkedUpdate4 => 4,
        OpKind.MarkedInsert5 or OpKind.MarkedUpdate5 => 5,
        _ => 0,
    };

    /// <summary>The kind of an operation with marks of a version.</summary>
    public static OpKind Marked(int version, bool isInsert) => version switch
    {
        1 => isInsert ? OpKind.MarkedInsert : OpKind.MarkedUpdate,
        2 => isInsert ? OpKind.MarkedInsert2 : OpKind.MarkedUpdate2,
        3 => isInsert ? OpKind.MarkedInsert3 : OpKind.MarkedUpdate3,
        4 => isInsert ? OpKind.MarkedInsert4 : OpKind.MarkedUpdate4,
        _ => isInsert ? OpKind.MarkedInsert5 : OpKind.MarkedUpdate5,
    };

    /// <summary>True for operations that change what tables exist and how they look.</summary>
    public static bool IsDefinition(this OpKind kind) => kind is >= OpKind.CreateTable and <= OpKind.DropCheck;

    /// <summary>True for operations that say who may write.</summary>
    public static bool IsAccess(this OpKind kind) =>
        kind is OpKind.Genesis or (>= OpKind.AuthorCertificate and <= OpKind.Admit);

    private static ImmutableArray<byte> MakeKnown()
    {
        byte[] known = new byte[SetLength];
        for (int kind = 0; kind < SetLength * 8; kind++)
            known[kind / 8] |= (byte)(((OpKind)kind).IsKnown() ? 1 << (kind % 8) : 0);
        return [.. known];
    }
}
