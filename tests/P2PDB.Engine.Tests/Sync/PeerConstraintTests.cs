namespace P2PDB.Engine.Tests.Sync;

/// <summary>Constraints of a database that two nodes share: the definitions go along, and each writer keeps them as far as it knows.</summary>
public sealed class PeerConstraintTests : IDisposable
{
    private readonly SqlPair _pair = new(
        "CREATE TABLE p (id INT PRIMARY KEY, code INT UNIQUE);"
        + "CREATE TABLE c (id INT PRIMARY KEY, pid INT, code INT CHECK (code <> 13), FOREIGN KEY (pid) REFERENCES p (id), FOREIGN KEY (code) REFERENCES p (code));"
        + "INSERT INTO p VALUES (1, 10), (2, 20)");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Definitions_reach_the_peer_and_bind_it()
    {
        Assert.Equal(_pair.RunAtOwner("SHOW CREATE TABLE c"), _pair.RunAtGuest("SHOW CREATE TABLE c"));
        Assert.Equal("error 1452", _pair.RunAtGuest("INSERT INTO c VALUES (1, 9, NULL)"));
        Assert.Equal("error 3819", _pair.RunAtGuest("INSERT INTO c VALUES (1, 1, 13)"));
        Assert.Equal("", _pair.RunAtGuest("INSERT INTO c VALUES (1, 1, 10)"));
        _pair.Meet();
        Assert.Equal("error 1451", _pair.RunAtOwner("DELETE FROM p WHERE id = 1"));
    }

    [Theory]
    [InlineData("INSERT INTO c VALUES (1, 1, NULL)", "DELETE FROM p WHERE id = 1")]
    [InlineData("INSERT INTO c VALUES (1, NULL, 10)", "DELETE FROM p WHERE id = 1")]
    [InlineData("INSERT INTO c VALUES (1, NULL, 10)", "UPDATE p SET code = 11 WHERE id = 1")]
    public void Who_relies_on_a_parent_that_a_peer_takes_away_fails(string child, string parent)
    {
        Assert.Equal("", _pair.RunAtGuest("BEGIN;" + child));
        Assert.Equal("", _pair.RunAtOwner(parent));
        _pair.Meet();

        Assert.Equal("error 1213", _pair.RunAtGuest("COMMIT"));
        Assert.Equal("0", _pair.RunAtGuest("SELECT COUNT(*) FROM c"));
    }
}
