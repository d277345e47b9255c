using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine;
using P2PDB.Primitives.Hashing;
using P2PDB.Server.Authentication;
using P2PDB.Server.Packets;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 that chooses the account (its plugin, with or without password, locked), whether its password is cached and whether the connection
/// is confidential, u8 length and plugin name, u8 length and proof, then answers, each behind its length. The login ends accepted or denied; with a password, only the
/// genuine proof of it is accepted.
/// </summary>
internal sealed class MySqlLoginTarget : IFuzzTarget, IDisposable
{
    private const int AnswerCountMax = 3;

    private static readonly byte[] Password = "secret"u8.ToArray();
    private static readonly byte[] Nonce = FixedNonce();

    private readonly PacketWriter _writer = new();
    private readonly KeyExchange _keys = new();
    private readonly PasswordCache _warm = new();
    private readonly Account[] _accounts =
    [
        new("u", "%", Account.NativePlugin, [.. PasswordHash.Native(Password)]),
        new("u", "%", Account.CachingSha2Plugin, [.. PasswordHash.CachingSha2(Password, new byte[PasswordHash.SaltLength])]),
        new("u", "%", Account.NativePlugin, []),
        new("u", "%", Account.CachingSha2Plugin, []),
        new("u", "%", Account.NativePlugin, [1, 2, 3]),
        new("u", "%", Account.NativePlugin, [.. PasswordHash.Native(Password)], IsLocked: true),
        new("u", "%", "other_plugin", [1]),
    ];

    public MySqlLoginTarget() => _warm.Add(_accounts[1], _accounts[1].Authentication, Password);

    public string Name => "mysql-login";

    public IReadOnlyList<string> Decoder => ["P2PDB.Server/Authentication/Login.cs", "P2PDB.Server/Authentication/PasswordProof.cs"];

    public int InputLengthMax => 700;

    // The names of plugins as text, and the public key as it is sent.
    public int AllocationSlack => 8192;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] native = Encoding.ASCII.GetBytes(Account.NativePlugin);
            byte[] sha2 = Encoding.ASCII.GetBytes(Account.CachingSha2Plugin);
            yield return Make(2, native, []);
            yield return Make(3, native, [0]);
            yield return Make(0, native, NativeProof());
            yield return Make(0, [], NativeProof());
            yield return Make(0, sha2, [1], NativeProof());
            yield return Make(4, native, NativeProof());
            yield return Make(1, native, [], Sha2Proof(), [2]);
            yield return Make(1 + 8, sha2, Sha2Proof());
            yield return Make(1 + 8, native, [], Sha2Proof());
            yield return Make(1, sha2, Sha2Proof(), [2], new byte[256]);
            yield return Make(1, sha2, Sha2Proof(), Encrypted());
            yield return Make(0 + 16, sha2, [1], NativeProof());
            yield return Make(1 + 32, sha2, Sha2Proof(), [.. Password, 0]);
            yield return Make(5, native, NativeProof());
            yield return Make(6, "other_plugin"u8.ToArray(), [1]);
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;

        int choice = input[0];
        Account account = _accounts[(choice & 7) % _accounts.Length];
        PasswordCache cache = (choice & 8) != 0 ? _warm : new PasswordCache();
        var rest = new PayloadReader(input[1..]);
        if (!TryTakePart(ref rest, out ReadOnlySpan<byte> plugin) || !TryTakePart(ref rest, out ReadOnlySpan<byte> proof))
            return false;

        _writer.Clear();
        probe.BeginDecoding();
        bool isConfidential = (choice & 32) != 0;
        var login = new Login(cache, _keys, Nonce.CopyTo) { IsConfidential = isConfidential };
        login.RenewNonce();
        AuthenticationStep step = login.Start(account, plugin, proof, (choice & 16) == 0, _writer);
        ReadOnlySpan<byte> last = proof;
        for (int i = 0; i < AnswerCountMax && step == AuthenticationStep.NeedsAnswer && TryTakePart(ref rest, out ReadOnlySpan<byte> answer); i++)
        {
            probe.Reached(100 + (i * 8) + (choice & 7));
            last = answer;
            step = login.Answer(answer, _writer);
        }

        probe.EndDecoding();
        probe.Reached(((int)step * 8) + (choice & 7));
        if (step == AuthenticationStep.Accepted && !account.HasNoPassword)
            RequireGenuine(account, last, isConfidential);
        return step == AuthenticationStep.Accepted;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _keys.Dispose();
    }

    private void RequireGenuine(Account account, ReadOnlySpan<byte> last, bool isConfidential)
    {
        if (isConfidential && last is [.. var clear, 0] && clear.SequenceEqual(Password))
            return;

        bool isProof = last.SequenceEqual(account.Plugin == Account.NativePlugin ? NativeProof() : Sha2Proof());
        Span<byte> password = stackalloc byte[KeyExchange.MessageLength];
        int length = isProof ? -1 : _keys.Decrypt(last, Masked(Nonce), password);
        FuzzLaw.Require(isProof || (length >= 0 && password[..length].SequenceEqual(Password)), "only the genuine proof is accepted");
    }

    private static bool TryTakePart(ref PayloadReader reader, out ReadOnlySpan<byte> part)
    {
        // 255 stands for the 256 bytes of an encrypted password.
        part = default;
        return reader.TryReadByte(out byte length) && reader.TryTake(length == 255 ? 256 : length, out part);
    }

    private static byte[] Make(int choice, byte[] plugin, byte[] proof, params byte[][] answers)
    {
        List<byte> input = [(byte)choice, (byte)plugin.Length, .. plugin, (byte)proof.Length, .. proof];
        foreach (byte[] answer in answers)
            input.AddRange([(byte)Math.Min(answer.Length, 255), .. answer]);
        return [.. input];
    }

    private static byte[] FixedNonce()
    {
        byte[] nonce = new byte[HandshakePacket.NonceLength];
        Blake3.Hash("nonce"u8).AsSpan()[..nonce.Length].CopyTo(nonce);
        return nonce;
    }

    // What the login makes of the random bytes: printable ones.
    private static byte[] Masked(byte[] random) => Array.ConvertAll(random, each => (byte)('0' + (each % ('z' - '0' + 1))));

#pragma warning disable CA5350 // The plugin is defined with SHA-1.
    private static byte[] NativeProof()
    {
        byte[] once = SHA1.HashData(Password);
        return Xor(once, SHA1.HashData([.. Masked(Nonce), .. SHA1.HashData(once)]));
    }
#pragma warning restore CA5350

    private static byte[] Sha2Proof()
    {
        byte[] once = SHA256.HashData(Password);
        return Xor(once, SHA256.HashData([.. SHA256.HashData(SHA256.HashData(once)), .. Masked(Nonce)]));
    }

    private byte[] Encrypted()
    {
        byte[] message = [.. Password, 0];
        byte[] nonce = Masked(Nonce);
        for (int i = 0; i < message.Length; i++)
            message[i] ^= nonce[i % nonce.Length];
        using RSA key = RSA.Create();
        key.ImportFromPem(Encoding.ASCII.GetString(_keys.PublicKeyPem));
        return key.Encrypt(message, RSAEncryptionPadding.OaepSHA1);
    }

    private static byte[] Xor(byte[] left, byte[] right)
    {
        for (int i = 0; i < left.Length; i++)
            left[i] ^= right[i];
        return left;
    }
}
