// One login is a little state machine over packets, so that it runs on sockets, in tests and under a fuzzer alike:
//
//   response of the client ── plugin is the account's ──────────────┐
//            └─ another plugin ─ "switch" + new nonce ─ answer ─────┤
//   mysql_native_password:  proof fits the stored hash ─────────────┼─► accepted or denied
//   caching_sha2_password:  proof fits the cache ─ "fast" ──────────┤
//            ├─ "full", over TLS ─ answer: the password ────────────┤ (checked by the slow hash)
//            └─ "full" ─ answer: 0x02 = send the key ─ PEM ─ answer ┤
//                        RSA message ─ slow hash fits the stored ───┘
using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Authentication;

/// <summary>Proves one client's identity. Writes its questions to a <see cref="PacketWriter"/>, takes answers.</summary>
internal sealed class Login(PasswordCache cache, KeyExchange keys, FillRandom random)
{
    private const byte PublicKeyWanted = 0x02;
    private const byte FastPathOk = 0x03;
    private const byte FullPathNeeded = 0x04;

    private readonly byte[] _nonce = new byte[HandshakePacket.NonceLength];
    private Account? _account;
    private Stage _stage;

    private enum Stage : byte
    {
        Proof,
        FullPath,
    }

    /// <summary>The nonce that the next proof must be over.</summary>
    public ReadOnlySpan<byte> Nonce => _nonce;

    /// <summary>True where nobody but the client can read along.</summary>
    public bool IsSecured { get; set; }

    /// <summary>True when the client sent a password of any kind; error 1045 says so.</summary>
    public bool UsedPassword { get; private set; }

    /// <summary>Draws a new nonce; its bytes are printable, since clients treat it as text.</summary>
    public void RenewNonce()
    {
        random(_nonce);
        for (int i = 0; i < _nonce.Length; i++)
            _nonce[i] = (byte)('0' + _nonce[i] % ('z' - '0' + 1));
    }

    /// <summary>Starts with what the client sent along with its name.</summary>
    /// <param name="account">The account that the name belongs to.</param>
    /// <param name="plugin">Plugin that the client used; empty for the native one.</param>
    /// <param name="proof">What it sent for that plugin.</param>
    /// <param name="canSwitch">True when the client understands another plugin's name.</param>
    /// <param name="writer">Takes the next question.</param>
    public AuthenticationStep Start(
        Account account, ReadOnlySpan<byte> plugin, ReadOnlySpan<byte> proof, bool canSwitch, PacketWriter writer)
    {
        _account = account;
        _stage = Stage.Proof;
        UsedPassword = !proof.IsEmpty;
        if (account.IsLocked)
            return AuthenticationStep.Denied;

        string used = plugin.IsEmpty ? Account.NativePlugin : Encoding.UTF8.GetString(plugin);
        if (used == account.Plugin || (proof.IsEmpty && account.HasNoPassword && IsKnown(used)))
            return CheckProof(proof, writer);
        if (!canSwitch)
            return AuthenticationStep.Denied;

        // Without a password any plugin will do; every client has the native one, and not every one can load the other.
        string wanted = account.HasNoPassword ? Account.NativePlugin : account.Plugin;
        RenewNonce();
        AuthenticationPackets.WriteSwitch(writer, Encoding.UTF8.GetBytes(wanted), _nonce);
        return AuthenticationStep.NeedsAnswer;
    }

    /// <summary>Goes on with the client's answer.</summary>
    public AuthenticationStep Answer(ReadOnlySpan<byte> payload, PacketWriter writer) =>
        _account is null ? AuthenticationStep.Denied
        : _stage == Stage.FullPath ? CheckPassword(_account, payload, writer)
        : CheckProof(payload, writer);

    /// <summary>
    /// True for a plugin whose empty proof ends the client's part. One that named another (libmariadb names
    /// dummy_fallback_auth when it could not load what the greeting asked for) waits for the switch and answers it, so
    /// accepting it at once would leave a packet over.
    /// </summary>
    private static bool IsKnown(string plugin) => plugin is Account.NativePlugin or Account.CachingSha2Plugin;

    private AuthenticationStep CheckProof(ReadOnlySpan<byte> proof, PacketWriter writer)
    {
        Account account = _account!;
        if (proof is [0])
            proof = default;   // some clients end even an empty proof with a zero
        UsedPassword = !proof.IsEmpty;
        if (account.HasNoPassword || proof.IsEmpty)
            return account.HasNoPassword && proof.IsEmpty ? AuthenticationStep.Accepted : AuthenticationStep.Denied;

        return account.Plugin switch
        {
            Account.NativePlugin => CheckNative(account, proof),
            Account.CachingSha2Plugin => CheckSha2(account, proof, writer),
            _ => AuthenticationStep.Denied,
        };
    }

    private AuthenticationStep CheckNative(Account account, ReadOnlySpan<byte> proof)
    {
        Span<byte> stored = stackalloc byte[PasswordProof.NativeLength];
        return PasswordHash.TryReadNative(account.Authentication.AsSpan(), stored)
            && PasswordProof.VerifyNative(proof, _nonce, stored)
            ? AuthenticationStep.Accepted
            : AuthenticationStep.Denied;
    }

    private AuthenticationStep CheckSha2(Account account, ReadOnlySpan<byte> proof, PacketWriter writer)
    {
        if (proof.Length != PasswordProof.Sha2Length)
            return AuthenticationStep.Denied;
        if (cache.Verify(account, proof, _nonce))
        {
            AuthenticationPackets.WriteMoreData(writer, [FastPathOk]);
            return AuthenticationStep.Accepted;
        }

        _stage = Stage.FullPath;
        AuthenticationPackets.WriteMoreData(writer, [FullPathNeeded]);
        return AuthenticationStep.NeedsAnswer;
    }

    private AuthenticationStep CheckPassword(Account account, ReadOnlySpan<byte> answer, PacketWriter writer)
    {
        if (answer is [PublicKeyWanted])
        {
            AuthenticationPackets.WriteMoreData(writer, keys.PublicKeyPem);
            return AuthenticationStep.NeedsAnswer;
        }

        if (IsSecured)
            return CheckClear(account, answer);

        Span<byte> password = stackalloc byte[KeyExchange.MessageLength];
        int length = keys.Decrypt(answer, _nonce, password);
        if (length < 0 || !PasswordHash.VerifyCachingSha2(account.Authentication.AsSpan(), password[..length]))
            return AuthenticationStep.Denied;

        cache.Add(account, password[..length]);
        CryptographicOperations.ZeroMemory(password);
        return AuthenticationStep.Accepted;
    }

    /// <summary>Over TLS the client sends the password itself, zero-terminated.</summary>
    private AuthenticationStep CheckClear(Account account, ReadOnlySpan<byte> answer)
    {
        if (answer is not [.. var password, 0] || !PasswordHash.VerifyCachingSha2(account.Authentication.AsSpan(), password))
            return AuthenticationStep.Denied;

        cache.Add(account, password);
        return AuthenticationStep.Accepted;
    }
}
