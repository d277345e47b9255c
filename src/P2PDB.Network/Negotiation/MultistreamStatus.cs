namespace P2PDB.Network.Negotiation;

/// <summary>Outcome of decoding one multistream message.</summary>
internal enum MultistreamStatus : byte
{
    Decoded,
    Incomplete,
    Malformed,
}
