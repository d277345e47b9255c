namespace P2PDB.Engine.Log;

/// <summary>What an operation of an entry does. The numbers are part of the format.</summary>
internal enum OpKind : byte
{
    /// <summary>No operation; never written.</summary>
    None = 0,

    /// <summary>A whole row: key and an image of all columns of the directory.</summary>
    Insert = 1,

    /// <summary>Some columns of a row: key, column bitmap, image of those columns.</summary>
    Update = 2,

    /// <summary>The end of a row: its key.</summary>
    Delete = 3,

    /// <summary>Leading bytes of the payload of the operation that follows.</summary>
    Chunk = 4,

    /// <summary>As <see cref="Insert"/>, with marks: how columns merge that are not plain registers.</summary>
    MarkedInsert = 5,

    /// <summary>As <see cref="Update"/>, with marks.</summary>
    MarkedUpdate = 6,

    /// <summary>A whole row as <see cref="Insert"/> has it, which stays: no operation changes or ends it.</summary>
    Append = 7,

    /// <summary>As <see cref="MarkedInsert"/>, with marks of the second version.</summary>
    MarkedInsert2 = 8,

    /// <summary>As <see cref="MarkedUpdate"/>, with marks of the second version.</summary>
    MarkedUpdate2 = 9,

    /// <summary>As <see cref="MarkedInsert"/>, with marks of the third version.</summary>
    MarkedInsert3 = 10,

    /// <summary>As <see cref="MarkedUpdate"/>, with marks of the third version.</summary>
    MarkedUpdate3 = 11,

    /// <summary>As <see cref="MarkedInsert"/>, with marks of the fourth version.</summary>
    MarkedInsert4 = 12,

    /// <summary>As <see cref="MarkedUpdate"/>, with marks of the fourth version.</summary>
    MarkedUpdate4 = 13,

    /// <summary>As <see cref="MarkedInsert"/>, with marks of the fifth version.</summary>
    MarkedInsert5 = 14,

    /// <summary>As <see cref="MarkedUpdate"/>, with marks of the fifth version.</summary>
    MarkedUpdate5 = 15,

    /// <summary>The first operation of a database: names its owner.</summary>
    Genesis = 16,

    /// <summary>A table and its columns.</summary>
    CreateTable = 17,

    /// <summary>One change of a table's definition.</summary>
    AlterTable = 18,

    /// <summary>The end of a table.</summary>
    DropTable = 19,

    /// <summary>An index of a table.</summary>
    CreateIndex = 20,

    /// <summary>The end of an index.</summary>
    DropIndex = 21,

    /// <summary>Another name for a table.</summary>
    RenameTable = 22,

    /// <summary>The end of all rows of a table.</summary>
    Truncate = 23,

    /// <summary>A view, or another definition of it.</summary>
    CreateView = 24,

    /// <summary>A foreign key of a table.</summary>
    CreateForeignKey = 25,

    /// <summary>The end of a foreign key.</summary>
    DropForeignKey = 26,

    /// <summary>A CHECK constraint of a table.</summary>
    CreateCheck = 27,

    /// <summary>The end of a CHECK constraint.</summary>
    DropCheck = 28,

    /// <summary>A node key's word for an author key.</summary>
    AuthorCertificate = 32,

    /// <summary>A seat for whoever holds a one-time key.</summary>
    Invite = 33,

    /// <summary>A newcomer's use of an invite.</summary>
    Claim = 34,

    /// <summary>A member's countersignature of a claim.</summary>
    Admit = 35,

    /// <summary>The text of the statement that the operations after it come from: a remark, which nothing executes.</summary>
    Statement = 48,
}
