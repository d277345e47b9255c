using System.Runtime.InteropServices;

namespace P2PDB.Stores;

/// <summary>The functions of LMDB's C interface that are used.</summary>
internal static partial class LmdbNative
{
    public const uint NoSync = 0x10000;
    public const uint ReadOnly = 0x20000;
    public const uint Append = 0x20000;
    public const int NotFound = -30798;

    /// <summary>The cursor's moves: to the key or the first after it, and to the next.</summary>
    public const int SetRange = 17;

    /// <summary>To the next record.</summary>
    public const int Next = 8;

    private const string Library = "liblmdb.so.0";

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Value
    {
        public nuint Length;
        public byte* Address;
    }

    [LibraryImport(Library, EntryPoint = "mdb_env_create")]
    public static partial int CreateEnvironment(out nint environment);

    [LibraryImport(Library, EntryPoint = "mdb_env_set_mapsize")]
    public static partial int SetMapSize(nint environment, nuint length);

    [LibraryImport(Library, EntryPoint = "mdb_env_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenEnvironment(nint environment, string directory, uint flags, uint mode);

    [LibraryImport(Library, EntryPoint = "mdb_env_close")]
    public static partial void CloseEnvironment(nint environment);

    [LibraryImport(Library, EntryPoint = "mdb_txn_begin")]
    public static partial int Begin(nint environment, nint parent, uint flags, out nint transaction);

    [LibraryImport(Library, EntryPoint = "mdb_txn_commit")]
    public static partial int Commit(nint transaction);

    [LibraryImport(Library, EntryPoint = "mdb_txn_abort")]
    public static partial void Abort(nint transaction);

    [LibraryImport(Library, EntryPoint = "mdb_txn_reset")]
    public static partial void Reset(nint transaction);

    [LibraryImport(Library, EntryPoint = "mdb_txn_renew")]
    public static partial int Renew(nint transaction);

    [LibraryImport(Library, EntryPoint = "mdb_dbi_open")]
    public static partial int OpenTree(nint transaction, nint name, uint flags, out uint tree);

    [LibraryImport(Library, EntryPoint = "mdb_get")]
    public static unsafe partial int Get(nint transaction, uint tree, Value* key, Value* value);

    [LibraryImport(Library, EntryPoint = "mdb_put")]
    public static unsafe partial int Put(nint transaction, uint tree, Value* key, Value* value, uint flags);

    [LibraryImport(Library, EntryPoint = "mdb_cursor_open")]
    public static partial int OpenCursor(nint transaction, uint tree, out nint cursor);

    [LibraryImport(Library, EntryPoint = "mdb_cursor_renew")]
    public static partial int RenewCursor(nint transaction, nint cursor);

    [LibraryImport(Library, EntryPoint = "mdb_cursor_close")]
    public static partial void CloseCursor(nint cursor);

    [LibraryImport(Library, EntryPoint = "mdb_cursor_get")]
    public static unsafe partial int Move(nint cursor, Value* key, Value* value, int move);
}
