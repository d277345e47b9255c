using System.Collections.Immutable;
using System.Text;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Accounts;

// ACCOUNTS v1: "P2PDBACC" · u8 version (1) · varint count · accounts by name, ascending · u32 CRC32C of all before.
// Spec: docs/formats/accounts.md

/// <summary>Writes the file of accounts; <see cref="AccountReader"/> reads it.</summary>
internal static class AccountWriter
{
    /// <summary>The version written, and the one read.</summary>
    public const byte Version = 1;

    /// <summary>ACCOUNT LOCK.</summary>
    public const byte LockedFlag = 1;

    /// <summary>PASSWORD EXPIRE.</summary>
    public const byte ExpiredFlag = 2;

    /// <summary>The account says itself whether a change of its password needs the current one.</summary>
    public const byte HasCurrentRuleFlag = 4;

    /// <summary>It does.</summary>
    public const byte RequiresCurrentFlag = 8;

    /// <summary>First bytes of the file.</summary>
    public static ReadOnlySpan<byte> Magic => "P2PDBACC"u8;

    /// <summary>The bytes of a file with these accounts.</summary>
    public static byte[] Write(AccountSet accounts)
    {
        using var bytes = new ByteWriter();
        bytes.Write(Magic);
        bytes.WriteByte(Version);
        bytes.WriteVarint((ulong)accounts.ByKey.Count);
        foreach (StoredAccount account in accounts.ByKey.Values)
            WriteAccount(bytes, account);
        bytes.WriteUInt32(Crc32C.Compute(bytes.Written));
        return bytes.Written.ToArray();
    }

    private static void WriteAccount(ByteWriter bytes, StoredAccount account)
    {
        WriteKey(bytes, account.Key);
        WriteText(bytes, account.Plugin);
        WriteBytes(bytes, account.Authentication);
        WriteBytes(bytes, account.SecondAuthentication);
        bytes.WriteByte((byte)((account.IsLocked ? LockedFlag : 0) | (account.IsExpired ? ExpiredFlag : 0)
            | (account.RequiresCurrent is null ? 0 : HasCurrentRuleFlag) | (account.RequiresCurrent == true ? RequiresCurrentFlag : 0)));
        bytes.WriteUInt64((ulong)account.PasswordSetMicroseconds);
        WriteOptional(bytes, account.LifetimeDays);
        WriteOptional(bytes, account.HistoryCount);
        WriteOptional(bytes, account.ReuseDays);
        bytes.WriteVarint((ulong)account.FailedLoginsMax);
        bytes.WriteVarint((ulong)(account.LockDays + 1));
        bytes.WriteUInt32(account.Limits.QueriesPerHour);
        bytes.WriteUInt32(account.Limits.UpdatesPerHour);
        bytes.WriteUInt32(account.Limits.ConnectionsPerHour);
        bytes.WriteUInt32(account.Limits.Connections);
        bytes.WriteByte((byte)account.Transport);
        WriteText(bytes, account.Certificate.Cipher);
        WriteText(bytes, account.Certificate.Issuer);
        WriteText(bytes, account.Certificate.Subject);
        WriteText(bytes, account.Attributes);
        WriteList(bytes, account.DefaultRoles, WriteKey);
        WriteList(bytes, account.FormerPasswords, static (target, former) =>
        {
            WriteBytes(target, former.Authentication);
            target.WriteUInt64((ulong)former.SetMicroseconds);
        });
        WriteGrants(bytes, account.Grants);
    }

    private static void WriteGrants(ByteWriter bytes, GrantSet grants)
    {
        bytes.WriteUInt32((uint)grants.Global);
        WriteList(bytes, [.. grants.Dynamic], static (target, one) =>
        {
            WriteText(target, one.Key);
            target.WriteByte(one.Value ? (byte)1 : (byte)0);
        });
        WriteList(bytes, grants.Databases, static (target, one) =>
        {
            WriteText(target, one.Pattern);
            target.WriteUInt32((uint)one.Privileges);
        });
        WriteList(bytes, grants.Tables, static (target, one) =>
        {
            WriteText(target, one.Schema);
            WriteText(target, one.Name);
            target.WriteUInt32((uint)one.Privileges);
            WriteList(target, one.Columns, static (inner, column) =>
            {
                WriteText(inner, column.Name);
                inner.WriteUInt32((uint)column.Privileges);
            });
        });
        WriteList(bytes, grants.Routines, static (target, one) =>
        {
            WriteText(target, one.Schema);
            WriteText(target, one.Name);
            target.WriteByte(one.IsFunction ? (byte)1 : (byte)0);
            target.WriteUInt32((uint)one.Privileges);
        });
        WriteList(bytes, grants.Roles, static (target, one) =>
        {
            WriteKey(target, one.Role);
            target.WriteByte(one.WithAdminOption ? (byte)1 : (byte)0);
        });
    }

    private static void WriteList<T>(ByteWriter bytes, ImmutableArray<T> list, Action<ByteWriter, T> writeOne)
    {
        bytes.WriteVarint((ulong)list.Length);
        foreach (T item in list)
            writeOne(bytes, item);
    }

    private static void WriteKey(ByteWriter bytes, AccountKey key)
    {
        WriteText(bytes, key.User);
        WriteText(bytes, key.Host);
    }

    private static void WriteOptional(ByteWriter bytes, int? number) => bytes.WriteVarint(number is { } value ? (ulong)value + 1 : 0);

    private static void WriteText(ByteWriter bytes, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        bytes.WriteVarint((ulong)utf8.Length);
        bytes.Write(utf8);
    }

    private static void WriteBytes(ByteWriter bytes, ImmutableArray<byte> value)
    {
        bytes.WriteVarint((ulong)value.Length);
        bytes.Write(value.AsSpan());
    }
}
