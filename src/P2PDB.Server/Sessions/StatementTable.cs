using System.Diagnostics.CodeAnalysis;
using P2PDB.Engine;

namespace P2PDB.Server.Sessions;

/// <summary>The prepared statements of one client, by the ids it was given.</summary>
internal sealed class StatementTable(int countMax)
{
    private readonly Dictionary<uint, ClientStatement> _statements = [];
    private uint _lastId;
    private ClientStatement? _lastUsed;

    public int Count => _statements.Count;

    /// <summary>True when no further statement may be prepared.</summary>
    public bool IsFull => _statements.Count >= countMax;

    /// <summary>Most statements one client may have.</summary>
    public int CountMax => countMax;

    /// <summary>Takes a statement in and gives it an id.</summary>
    public ClientStatement Add(PreparedStatement engine)
    {
        do
            _lastId++;
        while (_lastId == 0 || _statements.ContainsKey(_lastId));

        var statement = new ClientStatement(_lastId, engine, engine.ParameterCount);
        _statements.Add(_lastId, statement);
        return statement;
    }

    public bool TryGet(uint id, [NotNullWhen(true)] out ClientStatement? statement)
    {
        // Clients execute one statement many times in a row.
        statement = _lastUsed;
        if (statement is not null && statement.Id == id)
            return true;
        if (!_statements.TryGetValue(id, out statement))
            return false;

        _lastUsed = statement;
        return true;
    }

    public void Remove(uint id)
    {
        if (!_statements.Remove(id, out ClientStatement? statement))
            return;

        if (statement == _lastUsed)
            _lastUsed = null;
        statement.Dispose();
    }

    /// <summary>Closes all statements.</summary>
    public void Clear()
    {
        foreach (ClientStatement statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
        _lastUsed = null;
    }
}
