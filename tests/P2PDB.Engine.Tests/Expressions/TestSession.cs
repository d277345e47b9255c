using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Expressions;

/// <summary>The session of expression tests: fixed values, variables in a dictionary.</summary>
internal sealed class TestSession : ISessionValues
{
    private readonly Dictionary<string, SqlValue> _variables = [];

    public uint ConnectionId => 7;

    public string ServerVersion => "8.4.0-p2pdb-test";

    public string? DatabaseName => "test";

    public string UserName => "root@localhost";

    public string AccountName => "root@%";

    public string RoleNames => "NONE";

    public ulong LastInsertId { get; set; } = 42;

    public long RowCount => -1;

    public long FoundRowCount => 3;

    public SqlValue GetUserVariable(string name) => _variables.GetValueOrDefault(name, SqlValue.Null);

    public void SetUserVariable(string name, in SqlValue value) => _variables[name] = value;

    public SqlValue GetSystemVariable(string name, bool isGlobal) => SqlValue.FromInt64(1);

    public long? UserLock(string function, string name, double timeoutSeconds) => 1;

    public bool IsStopped => false;

    public bool Sleep(double seconds) => false;
}
