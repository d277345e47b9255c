namespace P2PDB.Engine.Storage.Faster;

/// <summary>
/// A sync or a read of the page file failed. What the disk holds after the last checkpoint is unknown then, so every later call
/// but <see cref="FasterPageFile.Dispose"/> throws this too: stop, and open again at the last durable checkpoint.
/// </summary>
internal sealed class PageFileFailedException(string message, Exception cause) : IOException(message, cause);
