using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Accounts;

/// <summary>Reads the file of accounts: docs/formats/accounts.md. Only what <see cref="AccountWriter"/> writes is read.</summary>
internal static class AccountReader
{
    /// <summary>Bytes of a text at most.</summary>
    public const int TextLengthMax = 1 << 16;

    private const int CountMax = 1 << 20;

    /// <summary>Reads a file; false where it is not whole or of a version that is not known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AccountSet accounts)
    {
        accounts = AccountSet.Empty;
        ReadOnlySpan<byte> magic = AccountWriter.Magic;
        if (bytes.Length < magic.Length + 5 || !bytes.StartsWith(magic))
            return false;
        var check = new ByteReader(bytes[^4..]);
        check.TryReadUInt32(out uint expected);
        if (Crc32C.Compute(bytes[..^4]) != expected)
            return false;
        var reader = new ByteReader(bytes[magic.Length..^4]);
        if (!reader.TryReadByte(out byte version) || version != AccountWriter.Version || !reader.TryReadVarint(CountMax, out int count))
            return false;
        var read = ImmutableSortedDictionary.CreateBuilder<AccountKey, StoredAccount>();
        AccountKey? previous = null;
        for (int i = 0; i < count; i++)
        {
            if (!TryReadAccount(ref reader, out StoredAccount account) || (previous is { } before && before.CompareTo(account.Key) >= 0))
                return false;
            previous = account.Key;
            read.Add(account.Key, account);
        }

        accounts = new AccountSet(read.ToImmutable());
        return reader.IsAtEnd;
    }

    private static bool TryReadAccount(ref ByteReader reader, out StoredAccount account)
    {
        account = new StoredAccount(default(AccountKey));
        if (!TryReadKey(ref reader, out AccountKey key) || !TryReadText(ref reader, out string plugin)
            || !TryReadBytes(ref reader, out ImmutableArray<byte> first) || !TryReadBytes(ref reader, out ImmutableArray<byte> second)
            || !reader.TryReadByte(out byte flags) || flags > 0x0F || !reader.TryReadUInt64(out ulong set)
            || !TryReadOptional(ref reader, out int? lifetime) || !TryReadOptional(ref reader, out int? history)
            || !TryReadOptional(ref reader, out int? reuse) || !reader.TryReadVarint(short.MaxValue, out int attempts)
            || !reader.TryReadVarint(short.MaxValue + 1, out int lockDays) || !TryReadLimits(ref reader, out AccountLimits limits)
            || !reader.TryReadByte(out byte transport) || transport > (byte)RequiredTransport.Specified
            || !TryReadText(ref reader, out string cipher) || !TryReadText(ref reader, out string issuer)
            || !TryReadText(ref reader, out string subject) || !TryReadText(ref reader, out string attributes)
            || !TryReadList(ref reader, TryReadKey, out ImmutableArray<AccountKey> defaultRoles)
            || !TryReadList(ref reader, TryReadFormer, out ImmutableArray<FormerPassword> former)
            || !TryReadGrants(ref reader, out GrantSet grants))
        {
            return false;
        }

        bool hasOwnRule = (flags & AccountWriter.HasCurrentRuleFlag) != 0;
        bool isRequired = (flags & AccountWriter.RequiresCurrentFlag) != 0;
        if (isRequired && !hasOwnRule)
            return false;
        account = new StoredAccount(key)
        {
            Plugin = plugin,
            Authentication = first,
            SecondAuthentication = second,
            IsLocked = (flags & AccountWriter.LockedFlag) != 0,
            IsExpired = (flags & AccountWriter.ExpiredFlag) != 0,
            PasswordSetMicroseconds = (long)set,
            LifetimeDays = lifetime,
            HistoryCount = history,
            ReuseDays = reuse,
            RequiresCurrent = hasOwnRule ? isRequired : null,
            FailedLoginsMax = attempts,
            LockDays = lockDays - 1,
            Limits = limits,
            Transport = (RequiredTransport)transport,
            Certificate = new RequiredCertificate(cipher, issuer, subject),
            Attributes = attributes,
            DefaultRoles = defaultRoles,
            FormerPasswords = former,
            Grants = grants,
        };
        return true;
    }

    private static bool TryReadLimits(ref ByteReader reader, out AccountLimits limits)
    {
        bool isRead = reader.TryReadUInt32(out uint queries);
        isRead &= reader.TryReadUInt32(out uint updates);
        isRead &= reader.TryReadUInt32(out uint connections);
        isRead &= reader.TryReadUInt32(out uint open);
        limits = new AccountLimits(queries, updates, connections, open);
        return isRead;
    }

    private static bool TryReadGrants(ref ByteReader reader, out GrantSet grants)
    {
        grants = GrantSet.Empty;
        if (!TryReadPrivileges(ref reader, out PrivilegeSet global)
            || !TryReadList(ref reader, TryReadDynamic, out ImmutableArray<(string Name, bool MayGrant)> named)
            || !TryReadList(ref reader, TryReadDatabase, out ImmutableArray<DatabaseGrant> databases)
            || !TryReadList(ref reader, TryReadTable, out ImmutableArray<TableGrant> tables)
            || !TryReadList(ref reader, TryReadRoutine, out ImmutableArray<RoutineGrant> routines)
            || !TryReadList(ref reader, TryReadRole, out ImmutableArray<RoleGrant> roles))
        {
            return false;
        }

        var names = ImmutableSortedDictionary.CreateBuilder<string, bool>(StringComparer.Ordinal);
        string? previous = null;
        foreach ((string name, bool mayGrant) in named)
        {
            if (previous is not null && string.CompareOrdinal(previous, name) >= 0)
                return false;
            previous = name;
            names.Add(name, mayGrant);
        }

        grants = new GrantSet
        {
            Global = global,
            Dynamic = names.ToImmutable(),
            Databases = databases,
            Tables = tables,
            Routines = routines,
            Roles = roles,
        };
        return true;
    }

    private delegate bool TryReadOne<T>(ref ByteReader reader, out T item);

    private static bool TryReadList<T>(ref ByteReader reader, TryReadOne<T> readOne, out ImmutableArray<T> list)
    {
        list = [];
        if (!reader.TryReadVarint(CountMax, out int count) || count > reader.Remaining)
            return false;
        var items = ImmutableArray.CreateBuilder<T>();
        for (int i = 0; i < count; i++)
        {
            if (!readOne(ref reader, out T item))
                return false;
            items.Add(item);
        }

        list = items.ToImmutable();
        return true;
    }

    private static bool TryReadDynamic(ref ByteReader reader, out (string Name, bool MayGrant) grant)
    {
        bool isRead = TryReadText(ref reader, out string name) & TryReadFlag(ref reader, out bool mayGrant);
        grant = (name, mayGrant);
        return isRead;
    }

    private static bool TryReadDatabase(ref ByteReader reader, out DatabaseGrant grant)
    {
        bool isRead = TryReadText(ref reader, out string pattern) & TryReadPrivileges(ref reader, out PrivilegeSet privileges);
        grant = new DatabaseGrant(pattern, privileges);
        return isRead;
    }

    private static bool TryReadTable(ref ByteReader reader, out TableGrant grant)
    {
        bool isRead = TryReadText(ref reader, out string schema) & TryReadText(ref reader, out string name)
            & TryReadPrivileges(ref reader, out PrivilegeSet privileges);
        isRead &= TryReadList(ref reader, TryReadColumn, out ImmutableArray<ColumnGrant> columns);
        grant = new TableGrant(schema, name, privileges, columns);
        return isRead;
    }

    private static bool TryReadColumn(ref ByteReader reader, out ColumnGrant grant)
    {
        bool isRead = TryReadText(ref reader, out string name) & TryReadPrivileges(ref reader, out PrivilegeSet privileges);
        grant = new ColumnGrant(name, privileges);
        return isRead;
    }

    private static bool TryReadRoutine(ref ByteReader reader, out RoutineGrant grant)
    {
        bool isRead = TryReadText(ref reader, out string schema) & TryReadText(ref reader, out string name)
            & TryReadFlag(ref reader, out bool isFunction) & TryReadPrivileges(ref reader, out PrivilegeSet privileges);
        grant = new RoutineGrant(schema, name, isFunction, privileges);
        return isRead;
    }

    private static bool TryReadRole(ref ByteReader reader, out RoleGrant grant)
    {
        bool isRead = TryReadKey(ref reader, out AccountKey role) & TryReadFlag(ref reader, out bool withAdmin);
        grant = new RoleGrant(role, withAdmin);
        return isRead;
    }

    private static bool TryReadFormer(ref ByteReader reader, out FormerPassword former)
    {
        bool isRead = TryReadBytes(ref reader, out ImmutableArray<byte> authentication);
        isRead &= reader.TryReadUInt64(out ulong set);
        former = new FormerPassword(authentication, (long)set);
        return isRead;
    }

    private static bool TryReadKey(ref ByteReader reader, out AccountKey key)
    {
        bool isRead = TryReadText(ref reader, out string user) & TryReadText(ref reader, out string host);
        key = new AccountKey(user, host);
        return isRead;
    }

    private static bool TryReadPrivileges(ref ByteReader reader, out PrivilegeSet privileges)
    {
        bool isRead = reader.TryReadUInt32(out uint bits);
        privileges = (PrivilegeSet)bits;
        return isRead && (privileges & ~PrivilegeSet.All) == 0;
    }

    private static bool TryReadFlag(ref ByteReader reader, out bool flag)
    {
        bool isRead = reader.TryReadByte(out byte value);
        flag = value == 1;
        return isRead && value <= 1;
    }

    // 0 for none, else the number and one.
    private static bool TryReadOptional(ref ByteReader reader, out int? number)
    {
        bool isRead = reader.TryReadVarint(ushort.MaxValue + 1, out int value);
        number = value == 0 ? null : value - 1;
        return isRead;
    }

    private static bool TryReadText(ref ByteReader reader, out string text)
    {
        text = "";
        if (!reader.TryReadVarint(TextLengthMax, out int length) || !reader.TryReadBytes(length, out ReadOnlySpan<byte> utf8) || !Utf8.IsValid(utf8))
            return false;
        text = Encoding.UTF8.GetString(utf8);
        return true;
    }

    private static bool TryReadBytes(ref ByteReader reader, out ImmutableArray<byte> bytes)
    {
        bytes = [];
        if (!reader.TryReadVarint(TextLengthMax, out int length) || !reader.TryReadBytes(length, out ReadOnlySpan<byte> read))
            return false;
        bytes = [.. read];
        return true;
    }
}
