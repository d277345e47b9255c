using P2PDB.Network.Security;
using P2PDB.Primitives.Keys;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: a kind byte, then a handshake payload, or one of the three messages of a handshake with fixed keys. Protobuf has many encodings of
/// one payload: its own is read as the same. Of the second and third message only the genuine one is accepted.
/// </summary>
internal sealed class NoiseTarget : IFuzzTarget
{
    private readonly byte[][] _messages = new byte[3][];
    private readonly byte[] _payload = new byte[4096];
    private readonly byte[] _handshakePayload;

    public NoiseTarget()
    {
        using NoiseHandshake initiator = Side(isInitiator: true);
        using NoiseHandshake responder = Side(isInitiator: false);
        for (int i = 0; i < _messages.Length; i++)
        {
            byte[] message = new byte[256];
            int length = (i == 1 ? responder : initiator).Write(i == 0 ? [] : "payload"u8, message);
            _messages[i] = message[..length];
            (i == 1 ? initiator : responder).Read(_messages[i], _payload);
        }

        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        _handshakePayload = NoisePayload.Create(key, new byte[32], ["/yamux/1.0.0", "/mplex/6.7.0"]).Encode();
    }

    public string Name => "noise";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Security/NoisePayload.cs", "P2PDB.Network/Security/NoiseHandshake.cs"];

    // Hash objects and ciphers of a message, made by the system; up to sixteen muxers' names.
    public int AllocationSlack => 8 * 1024;

    public IEnumerable<byte[]> Seeds =>
    [
        [0, .. _handshakePayload],
        [1, .. _messages[0]],
        [2, .. _messages[1]],
        [3, .. _messages[2]],
        [1, .. new byte[32]],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        int kind = input[0] & 3;
        return kind == 0 ? RunPayload(input[1..], probe) : RunMessage(kind - 1, input[1..], probe);
    }

    private static bool RunPayload(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        bool accepted = NoisePayload.TryDecode(input, out NoisePayload? payload);
        probe.EndDecoding();
        if (!accepted)
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

    private bool RunMessage(int index, ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        using NoiseHandshake reader = Side(isInitiator: index == 1);
        if (index == 1)
        {
            reader.Write([], new byte[64]);
        }
        else if (index == 2)
        {
            reader.Read(_messages[0], _payload);
            reader.Write("payload"u8, new byte[256]);
        }

        probe.BeginDecoding();
        bool accepted = reader.Read(input, _payload) >= 0;
        probe.EndDecoding();
        probe.Reached(200 + (index * 2) + (accepted ? 1 : 0));
        FuzzLaw.Require(index == 0 || accepted == input.SequenceEqual(_messages[index]), "only the genuine message is accepted");
        FuzzLaw.Require(reader.IsDone == (accepted && index == 2), "the third message ends the handshake");
        if (index == 0 && accepted)
            probe.Reached(reader.Write("payload"u8, new byte[256]) > 0 ? 300 : 301);
        if (reader.IsDone)
        {
            FuzzLaw.Require(reader.RemoteStatic.SequenceEqual(Key(1).PublicKey), "the remote's key is the one it proved");
            (CipherState send, CipherState receive) = reader.Split();
            send.Dispose();
            receive.Dispose();
        }

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
