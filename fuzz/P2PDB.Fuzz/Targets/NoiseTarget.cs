using P2PDB.Network.Security;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a kind byte, then a handshake payload, or the second message of a handshake with fixed keys, of which only the genuine one is
/// accepted.
/// </summary>
internal sealed class NoiseTarget : IFuzzTarget
{
    private readonly byte[] _second = new byte[256];
    private readonly int _secondLength;
    private readonly byte[] _payload = new byte[4096];
    private readonly byte[] _handshakePayload;

    public NoiseTarget()
    {
        byte[] first = new byte[64];
        using NoiseHandshake initiator = Side(isInitiator: true);
        using NoiseHandshake responder = Side(isInitiator: false);
        int firstLength = initiator.Write([], first);
        responder.Read(first.AsSpan(0, firstLength), _payload);
        _secondLength = responder.Write("payload"u8, _second);

        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        _handshakePayload = NoisePayload.Create(key, new byte[32], ["/yamux/1.0.0", "/mplex/6.7.0"]).Encode();
    }

    public string Name => "noise";

    // Three handshake states, their hashes and key objects.
    public int AllocationSlack => 64 * 1024;

    public IEnumerable<byte[]> Seeds =>
    [
        [0, .. _handshakePayload],
        [1, .. _second.AsSpan(0, _secondLength)],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        return (input[0] & 1) == 0 ? RunPayload(input[1..], probe) : RunMessage(input[1..]);
    }

    private static bool RunPayload(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (!NoisePayload.TryDecode(input, out NoisePayload? payload))
            return false;

        probe.Reached(payload!.Muxers.Count);
        byte[] encoded = payload.Encode();
        if (encoded.Length <= Network.Limits.NoisePayloadLengthMax)
        {
            FuzzLaw.Require(NoisePayload.TryDecode(encoded, out NoisePayload? again), "own encoding is read");
            FuzzLaw.RequireSame(encoded, again!.Encode(), "read as written");
        }

        if (payload.Proves(new byte[32]))
            probe.Reached(100);
        return true;
    }

    private bool RunMessage(ReadOnlySpan<byte> input)
    {
        byte[] first = new byte[64];
        using NoiseHandshake initiator = Side(isInitiator: true);
        initiator.Write([], first);
        bool accepted = initiator.Read(input, _payload) >= 0;
        FuzzLaw.Require(accepted == input.SequenceEqual(_second.AsSpan(0, _secondLength)), "only the genuine message is accepted");
        return accepted;
    }

    private static NoiseHandshake Side(bool isInitiator)
    {
        byte first = isInitiator ? (byte)1 : (byte)3;
        return new NoiseHandshake(isInitiator, Key(first), Key((byte)(first + 1)));
    }

    private static NoiseKeyPair Key(byte value)
    {
        byte[] privateKey = new byte[32];
        Array.Fill(privateKey, value);
        return new NoiseKeyPair(privateKey);
    }
}
