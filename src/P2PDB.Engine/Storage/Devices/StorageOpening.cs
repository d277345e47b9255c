namespace P2PDB.Engine.Storage.Devices;

/// <summary>What opening a file expects.</summary>
internal enum StorageOpening : byte
{
    /// <summary>The file must exist.</summary>
    Existing,

    /// <summary>The file is created, or emptied when it exists.</summary>
    CreateEmpty,
}
