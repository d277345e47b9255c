namespace P2PDB.Engine.Storage.Devices;

/// <summary>The device has no room for a write. Nothing was promised; freeing space lets a later try succeed.</summary>
internal sealed class DiskFullException(string message, Exception? innerException = null)
    : IOException(message, innerException);
