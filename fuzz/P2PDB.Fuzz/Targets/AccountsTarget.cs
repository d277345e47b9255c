using System.Buffers.Binary;
using P2PDB.Engine;
using P2PDB.Engine.Accounts;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the file of accounts. What is read is written as the same bytes; everything else is refused.</summary>
internal sealed class AccountsTarget : IFuzzTarget
{
    public string Name => "accounts";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Accounts/AccountReader.cs"];

    // A role with an empty name, three bytes, is an object and a place in a list that grew. Only the node itself writes the file, under a checksum.
    public int AllocationFactor => 32;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return AccountWriter.Write(AccountSet.Empty);
            yield return AccountWriter.Write(AccountSet.Empty
                .With(new StoredAccount(new AccountKey("root", "localhost")) { Grants = GrantSet.Everything })
                .With(new StoredAccount(new AccountKey("r", "%"))
                {
                    Grants = GrantSet.Empty with { Roles = [.. Enumerable.Repeat(new RoleGrant(new AccountKey("", ""), true), 300)] },
                })
                .With(new StoredAccount(new AccountKey("a", "10.%"))
                {
                    Plugin = Account.NativePlugin,
                    Authentication = [.. PasswordHash.Native("p"u8)],
                    IsLocked = true,
                    LifetimeDays = 3,
                    RequiresCurrent = true,
                    FailedLoginsMax = 2,
                    LockDays = -1,
                    Limits = new AccountLimits(1, 2, 3, 4),
                    Attributes = "{}",
                    DefaultRoles = [new AccountKey("r", "%")],
                    FormerPasswords = [new FormerPassword([1, 2], 5)],
                    Grants = GrantSet.Empty with
                    {
                        Databases = [new DatabaseGrant("d%", PrivilegeSet.Select)],
                        Tables = [new TableGrant("d", "t", PrivilegeSet.Insert, [new ColumnGrant("c", PrivilegeSet.Update)])],
                        Routines = [new RoutineGrant("d", "f", true, PrivilegeSet.Execute)],
                        Roles = [new RoleGrant(new AccountKey("r", "%"), true)],
                    },
                }));
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length < sizeof(uint))
            return length;
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[(length - 4)..length], Crc32C.Compute(buffer[..(length - 4)]));
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        probe.BeginDecoding();
        bool isRead = AccountReader.TryRead(input, out AccountSet accounts);
        probe.EndDecoding();
        if (!isRead)
            return false;
        probe.Reached(accounts.ByKey.Count);
        FuzzLaw.RequireSame(input, AccountWriter.Write(accounts), "written as read");
        return true;
    }
}
