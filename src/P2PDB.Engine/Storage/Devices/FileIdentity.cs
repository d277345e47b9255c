namespace P2PDB.Engine.Storage.Devices;

/// <summary>
/// Tells a file from a copy of it: the device, the number it has there, and its birth. Equal identities mean the same file as
/// far as the system can say.
/// </summary>
internal readonly record struct FileIdentity(ulong Device, ulong Number, ulong Birth);
