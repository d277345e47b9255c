using System.Text;
using P2PDB.Network.Security;
using P2PDB.Network.Tests.Swarm;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Tests.Security;

public class NoiseHandshakeTests
{
    // The transcript of a handshake with private keys 01…, 02… (initiator), 03…, 04… (responder), computed with another
    // implementation over node:crypto.
    private static readonly string[] Transcript =
    [
        "ce8d3ad1ccb633ec7b70c17814a5c76ecd029685050d344745ba05870e587d59",
        "ac01b2209e86354fb853237b5de0f4fab13c7fcbf433a61c019369617fecf10bb719b14d19eaf5ca91c89748c5ce8668e6864f05ee2367682b3e0c2fd086f0b4"
            + "f64162733f3fe548251c518fe8c03cced86cd812e317f9705ead84eadcd2aef973a19e619104791b73380393a079392c3b",
        "539a5cf3ae8a0a9134b32bfa775a1522db3558a1351ed4101989b8b88aa6a6f0e995a5273c343d1c35f005c662c3cc142e0cdd5fc8f6a9e718bbfa74549af899"
            + "02beac6d79d1861d9fdc5b380f5aa7aead",
    ];

    private static readonly string[] Payloads = ["", "responder payload", "initiator payload"];

    [Fact]
    public void Handshake_has_its_golden_bytes()
    {
        using NoiseHandshake initiator = Side(isInitiator: true);
        using NoiseHandshake responder = Side(isInitiator: false);
        byte[] message = new byte[256];
        byte[] payload = new byte[256];
        for (int i = 0; i < 3; i++)
        {
            (NoiseHandshake writer, NoiseHandshake reader) = i == 1 ? (responder, initiator) : (initiator, responder);
            int length = writer.Write(Encoding.UTF8.GetBytes(Payloads[i]), message);
            Assert.Equal(Transcript[i], Convert.ToHexStringLower(message.AsSpan(0, length)));
            int payloadLength = reader.Read(message.AsSpan(0, length), payload);
            Assert.Equal(Payloads[i], Encoding.UTF8.GetString(payload.AsSpan(0, payloadLength)));
        }

        (CipherState initiatorSends, CipherState initiatorReceives) = initiator.Split();
        (CipherState responderSends, CipherState responderReceives) = responder.Split();
        Assert.Equal("f5c8fdccae8939c5a6d0d9be2753d6cf345c85961d", Seal(initiatorSends, "hello"));
        Assert.Equal("c1c25657ea3a66afbe05a24745542eb995d9897042", Seal(initiatorSends, "again"));
        Assert.Equal("f09e15df5124f4ff10b6e05c089b54cbb3d16cd58f", Seal(responderSends, "hello"));
        Assert.Equal("hello", Open(responderReceives, "f5c8fdccae8939c5a6d0d9be2753d6cf345c85961d"));
        Assert.Equal("hello", Open(initiatorReceives, "f09e15df5124f4ff10b6e05c089b54cbb3d16cd58f"));
        Assert.Null(Open(responderReceives, "c1c25657ea3a66afbe05a24745542eb995d9897043"));
    }

    [Fact]
    public void Every_altered_or_cut_byte_is_noticed()
    {
        byte[] second = Convert.FromHexString(Transcript[1]);
        for (int i = 0; i < second.Length; i++)
        {
            byte[] altered = (byte[])second.Clone();
            altered[i] ^= 1;
            Assert.Equal(-1, ReadSecond(altered));
            Assert.Equal(-1, ReadSecond(second[..i]));
        }

        Assert.Equal(Payloads[1].Length, ReadSecond(second));
    }

    [Fact]
    public void Key_of_small_order_is_refused()
    {
        using NoiseHandshake responder = Side(isInitiator: false);
        byte[] payload = new byte[64];

        Assert.Equal(0, responder.Read(new byte[32], payload));
        Assert.Equal(0, responder.Write([], new byte[256]));
    }

    [Fact]
    public void Payload_proves_its_static_key_and_no_other()
    {
        using SigningKey identity = TestSwarm.Key(7);
        byte[] staticKey = [.. Enumerable.Repeat((byte)9, 32)];
        byte[] encoded = NoisePayload.Create(identity, staticKey, ["/yamux/1.0.0", "/mplex/6.7.0"]).Encode();

        Assert.True(NoisePayload.TryDecode(encoded, out NoisePayload? payload));

        Assert.Equal(encoded, payload!.Encode());
        Assert.Equal(["/yamux/1.0.0", "/mplex/6.7.0"], payload.Muxers);
        Assert.True(payload.Proves(staticKey));
        Assert.False(payload.Proves(new byte[32]));
        encoded[^40] ^= 1;
        Assert.False(NoisePayload.TryDecode(encoded, out NoisePayload? altered) && altered!.Proves(staticKey));
    }

    private static int ReadSecond(byte[] message)
    {
        using NoiseHandshake initiator = Side(isInitiator: true);
        initiator.Write([], new byte[64]);
        return initiator.Read(message, new byte[256]);
    }

    private static NoiseHandshake Side(bool isInitiator)
    {
        byte first = isInitiator ? (byte)1 : (byte)3;
        return new NoiseHandshake(isInitiator, Key(first), Key((byte)(first + 1)));
    }

    private static NoiseKeyPair Key(byte value) => new(Enumerable.Repeat(value, 32).ToArray());

    private static string Seal(CipherState cipher, string text)
    {
        byte[] target = new byte[text.Length + CipherState.TagLength];
        cipher.Encrypt(Encoding.UTF8.GetBytes(text), target);
        return Convert.ToHexStringLower(target);
    }

    private static string? Open(CipherState cipher, string hex)
    {
        byte[] sealedBytes = Convert.FromHexString(hex);
        byte[] target = new byte[sealedBytes.Length - CipherState.TagLength];
        return cipher.TryDecrypt(sealedBytes, target) ? Encoding.UTF8.GetString(target) : null;
    }
}
