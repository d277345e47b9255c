namespace P2PDB.Engine.Sync;

/// <summary>The first byte of a frame.</summary>
internal enum FrameKind : byte
{
    Hello = 1,
    Offer = 2,
    Deny = 3,
    Vector = 4,
    Want = 5,
    Entries = 6,
    Done = 7,
}
